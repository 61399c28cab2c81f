"""The operator's side: what a person does during an outage, through data planes alone. Imports no CDK."""
