"""How the functions behind custom resources answer CloudFormation."""
