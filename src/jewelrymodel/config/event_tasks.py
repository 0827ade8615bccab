"""The map from events to tasks: the only way up between rooms.

Every event that a low room emits is listed here with the tasks that want it; a test proves
that every emitted event and every named task exists.
"""

EVENT_TASKS: dict[str, tuple[str, ...]] = {
    "charge.suspected": ("support.reconcile_now",),
    "dispute.changed": ("disputes.recompute",),
    "mail.received": ("support.receive_email",),
    "order.charged_again": ("support.reconcile_now",),
    "order.charged_in_error": ("support.reconcile_now",),
    "order.delivered": (
        "payments.confirm_order",
        "payments.close_other_plans",
        "generation.start_selection",
    ),
    "order.held": ("support.reconcile_now",),
    "order.payment_failed": ("payments.end_failed_order",),
    "order.refunded_elsewhere": ("support.notify_refunded",),
    "refund.settled": (
        "payments.issue_credit_note",
        "remedies.on_refund_settled",
        "payments.tell_refunded",
    ),
    "remedy.ended": ("support.notify_remedy",),
    "plan_change.moved": ("payments.tell_plan_change",),
    "subscription.canceled": ("payments.tell_renewing",),
    "subscription.not_collected": ("payments.tell_renewing",),
    "subscription.past_due": ("payments.warn_past_due",),
    "subscription.resumed": ("payments.tell_renewing", "payments.close_unpaid_plans"),
}
