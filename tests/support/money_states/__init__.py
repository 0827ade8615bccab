"""Orders, charges, subscriptions, refunds and disputes: each state, and whatever can happen to it.

Nothing here says what follows: it is driven at the sandbox, and seen.
"""
