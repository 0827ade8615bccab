"""Pure rules of disputes: when one suspends a purchase, and what a bank's reason means."""
