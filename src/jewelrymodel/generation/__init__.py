"""Photos, tasks and assets: hold, render, settle."""
