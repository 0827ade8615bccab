"""The outside world: the processor over its SDK, receipts as PDF."""
