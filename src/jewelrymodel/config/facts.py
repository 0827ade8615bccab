"""The map from facts to tasks: the only way up between rooms.

Every fact that a low room emits stands here with the names of the tasks that want it; a test proves
that every emitted fact and every named task exists.
"""

FACT_TASKS: dict[str, tuple[str, ...]] = {
    "dispute.changed": ("disputes.recompute",),
    "order.delivered": ("payments.confirm_order",),
    "refund.settled": ("remedies.on_refund_settled",),
    "subscription.past_due": ("payments.warn_past_due",),
}
