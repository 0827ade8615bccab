"""The room's way to files."""
