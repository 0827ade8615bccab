"""Backups: a folder each, whole or absent, and what comes back from one."""
