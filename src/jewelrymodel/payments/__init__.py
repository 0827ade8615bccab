"""Checkout, orders, charges, receipts; the processor behind one gateway."""
