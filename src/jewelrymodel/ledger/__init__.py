"""Credits that never lie: lots, holds, transfers, entitlement periods, statements."""
