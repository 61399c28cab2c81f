"""Rules that say whether a template will fail over at all; no CDK is needed for them."""
