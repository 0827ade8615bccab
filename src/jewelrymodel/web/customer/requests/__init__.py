"""Requests for review: the self-check first, then a person; cases and decisions in words."""
