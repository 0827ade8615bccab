"""Reads: what would be promised, and what was."""

from jewelrymodel.promises.queries.promised import (
    KeptPromise,
    NoPromise,
    cancellation_lines,
    cancellation_promise,
    change_lines,
    checkout_lines,
    generation_lines,
    order_promise,
    promises_for,
    task_promise,
    text_for_generations,
)

__all__ = [
    "KeptPromise",
    "NoPromise",
    "cancellation_lines",
    "cancellation_promise",
    "change_lines",
    "checkout_lines",
    "generation_lines",
    "order_promise",
    "promises_for",
    "task_promise",
    "text_for_generations",
]
