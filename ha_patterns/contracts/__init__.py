"""Names that constructs and the operator's commands agree on; neither the CDK nor boto3 is needed for them."""
