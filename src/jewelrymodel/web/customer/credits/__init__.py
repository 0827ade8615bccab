"""Credits: what is there, until when, and what became of every one."""
