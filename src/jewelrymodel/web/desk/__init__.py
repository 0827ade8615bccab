"""The desk: where staff see facts, clause and recommended remedy, and act on them."""
