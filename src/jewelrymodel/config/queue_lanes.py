"""The queue's lanes: what waits behind what, and who works on it.

Each lane has hands of its own, so money and mail never wait behind pictures. The rooms register
their work by name; its lane is looked up here, by whoever defers and by the worker alike.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the settings read this file, and need no queue
    from procrastinate import App

QUEUES = {"money": 2, "mail": 2, "hosted": 2, "studio": 1, "retouching": 1, "default": 2}
"""How many jobs of each lane one worker does at once.

An image of ours takes a gigabyte: one at a time. One made elsewhere is checked here, which takes
less; so does a cutout that is corrected by hand, and its seller waits before the page for it. What
looks after the rest (sweepers, our own checks) has the lane ``default``, and so has every job that
was deferred before there were lanes.
"""

TASK_QUEUES = {
    "payments.process_event": "money",
    "payments.settle_order": "money",
    "payments.end_failed_order": "money",
    "payments.follow_refund": "money",
    "payments.issue_credit_note": "money",
    "payments.follow_subscription": "money",
    "payments.mirror_dispute": "money",
    "payments.list_disputes": "money",
    "payments.close_other_plans": "money",
    "payments.close_unpaid_plans": "money",
    "payments.sweep_orders": "money",
    "payments.sweep_refunds": "money",
    "payments.sweep_notices": "money",
    "remedies.carry_out": "money",
    "remedies.on_refund_settled": "money",
    "remedies.sweep": "money",
    "disputes.recompute": "money",
    "disputes.sweep": "money",
    "support.carry_out_confirmed": "money",
    "support.sweep_confirmed": "money",
    "support.carry_out_withdrawal": "money",
    "support.sweep_withdrawals": "money",
    "payments.confirm_order": "mail",
    "payments.warn_past_due": "mail",
    "payments.tell_plan_change": "mail",
    "payments.tell_renewing": "mail",
    "payments.tell_refunded": "mail",
    "payments.tell_unrenewed": "mail",
    "payments.check_card": "mail",
    "disputes.tell": "mail",
    "support.mail_entry": "mail",
    "support.receive_email": "mail",
    "support.notify_remedy": "mail",
    "support.notify_refunded": "mail",
    "support.sweep_mail": "mail",
    "support.sweep_late": "mail",
    "infra.send_email": "mail",
    "generation.collect_late": "hosted",
    "generation.cut_out": "studio",
    "generation.run": "studio",  # one that is made elsewhere names its lane when it is deferred
    "generation.start_selection": "default",
    "generation.tell_ending": "default",
    "generation.sweep": "default",
    "generation.erase_own_model": "default",
    "generation.end_own_models": "default",
    "accounts.forget_ended_sessions": "default",
    "accounts.forget_invitations": "default",
    "accounts.forget_security_events": "default",
    "infra.clear": "default",
    "infra.clear_files": "default",
    "infra.revive": "default",
    "attestation.attest": "default",
    "ledger.expire_lots": "default",
    "support.purge_deleted": "default",
    "incidents.propose": "default",
    "privacy.prepare_export": "default",
    "privacy.sweep": "default",
    "support.reconcile_now": "default",
    "support.reconcile": "default",
}
"""The lane of each task; a test proves that every task has one."""

FORMERLY_DEFAULT = ("money", "mail", "hosted", "default")
"""What was one queue: whoever asks a worker for ``default`` means all of it."""

_MEANT = {"default": FORMERLY_DEFAULT, "studio": ("studio", "retouching")}
"""The lanes that a name stands for: retouching needs what the studio's machine has installed."""


class UnknownQueue(LookupError):
    """There is no such queue."""


def on_app_ready(app: "App") -> None:
    """Called by Procrastinate when Django is ready; nothing is registered centrally."""


def served(names: list[str] | None) -> list[str]:
    """Return the lanes that a worker for *names* (None: for all) serves; raises UnknownQueue."""
    chosen: dict[str, None] = {}
    for name in names or QUEUES:
        if name not in QUEUES:
            raise UnknownQueue(f"there is no queue {name}; there are {', '.join(QUEUES)}")
        chosen |= dict.fromkeys(_MEANT.get(name, (name,)))
    return list(chosen)


def assign(app: "App") -> None:
    """Give each task that *app* knows its lane: the queue's own periodic defers ask the task."""
    for task in app.tasks.values():
        task.queue = TASK_QUEUES.get(task.name, task.queue)
