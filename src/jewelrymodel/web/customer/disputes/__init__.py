"""What a bank's dispute means for a customer's order: which charge, what rests, what ends it."""
