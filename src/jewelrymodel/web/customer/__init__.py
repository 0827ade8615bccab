"""The workspace: what a seller sees."""
