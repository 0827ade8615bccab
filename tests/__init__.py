"""The tests: by kind, then by room."""
