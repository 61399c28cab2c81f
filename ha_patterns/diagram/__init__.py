"""The topology as a picture: Mermaid for READMEs, SVG for everything else; no CDK is needed for it."""
