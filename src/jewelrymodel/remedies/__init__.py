"""From records to facts, to a decision, to what is carried out exactly once."""
