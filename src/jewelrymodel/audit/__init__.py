"""Who did what to what and why: append-only."""
