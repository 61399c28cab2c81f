"""Readers of JSON and YAML: bounded in depth and size, with the line of every value."""
