"""Pure rules of remedies: what is owed, what is the same loss, digests of facts."""
