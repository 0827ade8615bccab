"""PURE: reads the editions of the refund policy; what the customer reads is what decides."""
