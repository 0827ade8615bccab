"""What a visitor sees: home, prices, the refund policy, status."""
