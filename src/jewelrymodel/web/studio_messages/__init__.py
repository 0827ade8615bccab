"""The sentences for what the studio reports in codes: refusals, notes, changes, steps, looks."""
