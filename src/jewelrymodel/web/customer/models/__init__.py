"""The seller's own models: asking a person, and setting their photo up."""
