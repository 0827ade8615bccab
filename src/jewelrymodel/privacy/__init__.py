"""Somebody's own data: handing it out as a file, and closing their account."""
