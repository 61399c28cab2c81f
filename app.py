"""The CDK app: the reference stacks of every pattern in the catalog, or of the one that -c pattern=NAME names."""

from __future__ import annotations

import sys

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from ha_patterns.checks import HaChecks
from ha_patterns.stacks import ReferenceSettings

app = cdk.App()
try:
    settings = ReferenceSettings.from_context(app.node.try_get_context)
except ValueError as error:
    sys.exit(f"error: {error}")
cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app), HaChecks())
for pattern in settings.patterns:
    pattern.build(app, settings)
app.synth()
