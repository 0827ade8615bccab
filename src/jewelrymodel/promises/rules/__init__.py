"""Pure: from what is bought to the facts that are supposed of it."""
