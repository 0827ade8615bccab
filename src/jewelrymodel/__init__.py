"""AI Jewelry Model: photos of a piece in, images of it out, and a refund policy that runs."""

__version__ = "0.1.0"
