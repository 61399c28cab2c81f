"""How AWS behaves, as plain values and functions of plain values: limits, names, Regions, matching and arithmetic.

Each fact is written here once, with the AWS page that states it and the date on which the page was read: 2026-11-22, if
none is given. Constructs, checks, the topology and the pictures ask these modules. They need the standard library alone
and import in milliseconds; nothing here knows the CDK or a template.
"""
