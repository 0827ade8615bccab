"""Proof that the credits we owe are counted: a signed root a day, and each account's way to it."""
