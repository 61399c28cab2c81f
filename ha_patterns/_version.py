"""The version, in a module of its own: to ask for it imports nothing else."""

__version__ = "0.1.0"
