"""What a proof is made of, as pure functions."""
