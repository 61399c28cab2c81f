"""The typed model of an edge architecture, read from cloud assemblies and templates; no CDK is needed for it."""
