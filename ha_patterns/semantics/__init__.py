"""What a topology does: which behavior serves a request, what takes a record out of an answer, how long that takes.

Pure functions of the topology's model. Where the state of the world matters, they ask the functions that they are
given, and only about what they need: checks ask about what a template says, a drill about one moment of an outage.
"""
