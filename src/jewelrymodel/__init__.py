"""AI Jewelry Model: photos of a piece in, images worn or styled out, and a refund policy that runs."""

__version__ = "0.1.0"
