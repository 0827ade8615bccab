"""Reads: what would be promised, and what was."""

from jewelrymodel.promises.queries.promised import (
    KeptPromise,
    NoPromise,
    checkout_lines,
    order_promise,
    promises_for,
)

__all__ = ["KeptPromise", "NoPromise", "checkout_lines", "order_promise", "promises_for"]
