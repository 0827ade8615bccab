"""Requests for review: the automatic check first, then our team; cases and decisions."""
