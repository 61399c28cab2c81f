"""What the functions behind custom resources have in common: how they answer CloudFormation."""
