"""Pure rules of outages: the minutes of a billing period that they took."""
