"""What all constructs share of the CDK: how arguments are judged, references, structs, custom resources."""
