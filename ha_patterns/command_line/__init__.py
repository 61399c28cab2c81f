"""The frame that all commands share: how a mistake is told, which templates are read, how files are written."""
