"""Constructs and checks say the same: arguments are drawn, and values that a construct refuses are put in a template.

``arguments`` has a strategy for each public argument of each construct of the catalog, ``apps`` makes an app out of
what is drawn.
"""
