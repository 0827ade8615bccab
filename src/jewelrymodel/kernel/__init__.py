"""PURE: money, credits, periods, ids. Knows no framework and reads no clock."""
