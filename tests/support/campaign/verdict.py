"""What has to be true of the books once all is quiet, asked in SQL and of the processor.

None of it goes through the service's own code: that is what is judged.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx
import psycopg

from tests.support.campaign.plan import Fate
from tests.support.campaign.records import Records
from tests.support.outside import KEY

_PAID = {Fate.PAID, Fate.PAID_AND_GONE}
_ENDS = {"delivered", "requires_review"}
"""Where a paid order may end. One whose money went back before we looked waits for a person, and
keeps nothing of it, unless a bank had a hand in it: the first of ``_NEVER`` about charges says
so."""
_UNPAID = {"draft", "awaiting_payment", "canceled", "expired"}
# Each answers rows of what is wrong: what it is about, and what was found. A job with a key whose
# worker died stays as it is for a day: its sweeper has deferred another.
_NEVER = {
    "a task isn't over": """
SELECT id, status FROM generation_task WHERE finished_at IS NULL""",
    "an image waits in a task that is over": """
SELECT i.id, i.state FROM generation_task_item i JOIN generation_task t ON t.id = i.task_id
WHERE t.finished_at IS NOT NULL AND i.state = 'waiting'""",
    "a hold is open": "SELECT id, subject FROM ledger_hold WHERE state = 'held'",
    "a hold was resolved more than once": """
SELECT hold_id, count(*) FROM ledger_movement WHERE operation IN ('capture', 'release')
GROUP BY hold_id HAVING count(*) > 1""",
    "a task's hold isn't what it says": """
SELECT t.id, h.captured FROM generation_task t JOIN ledger_hold h ON h.id = t.hold_id
WHERE h.captured <> t.credits_charged OR h.quantity <> t.credits_held""",
    "a hold belongs to no task": """
SELECT h.id, h.subject FROM ledger_hold h LEFT JOIN generation_task t ON t.hold_id = h.id
WHERE t.id IS NULL""",
    "what was captured isn't what was delivered, at its price": """
SELECT t.id, t.credits_charged FROM generation_task t
WHERE t.credits_charged <> (SELECT coalesce(sum(i.credits), 0) FROM generation_task_item i
  WHERE i.task_id = t.id AND i.state = 'delivered' AND NOT i.late)""",
    "what was consumed isn't what was captured": """
SELECT h.id, h.captured FROM ledger_hold h
WHERE h.captured <> (SELECT coalesce(sum(x.quantity), 0) FROM ledger_transfer x
  JOIN ledger_movement m ON m.id = x.movement_id
  WHERE m.hold_id = h.id AND x.to_kind = 'consumed')""",
    "a delivered image has no file, or two": """
SELECT i.id, count(a.id) FROM generation_task_item i LEFT JOIN generation_asset a
  ON a.item_id = i.id WHERE i.state = 'delivered' GROUP BY i.id HAVING count(a.id) <> 1""",
    "an order was delivered without its credits, or they came without it": """
SELECT coalesce(o.id, l.source_ref), o.state FROM (
    SELECT * FROM payments_order WHERE state = 'delivered') o
  FULL JOIN (SELECT * FROM ledger_lot
    WHERE source IN ('package_order', 'subscription_period') AND continues_id IS NULL) l
    ON l.source_ref = o.id
WHERE o.id IS NULL OR l.id IS NULL""",
    "an order's credits aren't what it sold": """
SELECT o.id, l.quantity FROM payments_order o
  JOIN catalog_product_version p ON p.id = o.product_version_id
  JOIN ledger_lot l ON l.source_ref = o.id
    AND l.source = CASE WHEN o.subscription_id IS NULL THEN 'package_order'
      ELSE 'subscription_period' END
WHERE l.continues_id IS NULL AND (l.quantity <> p.credits OR l.paid_minor <> o.total_minor)""",
    "a charge is kept of an order that wasn't delivered": """
SELECT c.id, o.state FROM payments_charge c JOIN payments_order o ON o.id = c.order_id
WHERE c.kept_minor > 0 AND o.state <> 'delivered' AND NOT (o.state = 'requires_review'
  AND EXISTS (SELECT FROM payments_dispute d JOIN payments_charge e ON e.id = d.charge_id
    WHERE e.order_id = o.id))""",
    "an order waits for a person without a request": """
SELECT o.id, o.held_code FROM payments_order o WHERE o.state = 'requires_review'
  AND NOT EXISTS (SELECT FROM support_case c WHERE c.subject_id = o.id)""",
    "an order is paid more than once": """
SELECT order_id, sum(kept_minor) FROM payments_charge GROUP BY order_id
HAVING count(*) FILTER (WHERE kept_minor > 0) > 1""",
    "a charge's refunds aren't what it says": """
SELECT c.id, c.refunded_minor FROM payments_charge c
WHERE c.refunded_minor <> (SELECT coalesce(sum(r.amount_minor), 0) FROM payments_refund r
  WHERE r.charge_id = c.id AND r.state = 'succeeded')""",
    "a refund isn't over": """
SELECT id, state FROM payments_refund WHERE settled_at IS NULL""",
    "a delivered order has no receipt, or two": """
SELECT o.id, count(r.id) FROM payments_order o LEFT JOIN payments_receipt r ON r.order_id = o.id
WHERE o.state = 'delivered' GROUP BY o.id HAVING count(r.id) <> 1""",
    "receipts have a gap": """
SELECT max(number), count(*) FROM payments_receipt HAVING max(number) <> count(*)""",
    "orders have a gap": """
SELECT max(number), count(*) FROM payments_order HAVING max(number) <> count(*)""",
    "a delivered order was not confirmed by mail": """
SELECT id, delivered_at FROM payments_order WHERE state = 'delivered' AND confirmed_at IS NULL""",
    "a message of the processor isn't worked on": """
SELECT external_id, last_error FROM infra_inbox_message WHERE processed_at IS NULL""",
    "a mail wasn't sent": "SELECT id, created_at FROM infra_pending_email",
    "a message of a request wasn't mailed": """
SELECT id, case_id FROM support_case_entry WHERE mail_due AND mailed_at IS NULL""",
    "a mail that came in has no outcome": """
SELECT m.id, m.subject FROM infra_mail_message m
WHERE m.envelope_to @> '["support@jewelrymodel.example"]' AND NOT EXISTS (
  SELECT FROM support_inbound_email i WHERE i.mail_id = m.id OR m.raw LIKE
    convert_to('%%' || i.message_id || '%%', 'UTF8'))""",
    "a job was given up": """
SELECT id, task_name FROM procrastinate_jobs WHERE status = 'failed' AND queueing_lock IS NULL""",
    "a job is due": """
SELECT j.id, task_name FROM procrastinate_jobs j
WHERE (status = 'todo' OR status = 'doing' AND (queueing_lock IS NULL OR worker_id IS NOT NULL))
  AND (scheduled_at IS NULL OR scheduled_at <= now()) AND task_name <> ALL(%(sweepers)s)""",
}
SWEEPERS = {
    "payments.sweep_orders": "money",
    "payments.sweep_refunds": "money",
    "payments.list_disputes": "money",
    "disputes.sweep": "money",
    "remedies.sweep": "money",
    "support.sweep_confirmed": "money",
    "support.sweep_mail": "mail",
    "support.reconcile": "default",
    "infra.revive": "default",
    "generation.sweep": "default",
}
"""What looks for work that was lost, and each one's lane."""
_OTHERS = (
    *("payments.sweep_notices", "support.sweep_late", "support.sweep_withdrawals"),
    *("ledger.expire_lots", "infra.clear", "infra.clear_files", "support.purge_deleted"),
    *("generation.end_own_models", "accounts.forget_ended_sessions", "privacy.sweep"),
)


def differences(database: psycopg.Connection, processor: str, records: Records) -> Iterator[str]:
    """Yield everything that isn't as it has to be; *processor* is its stand-in's address, which is
    asked last.
    """
    yield from _never(database)
    yield from _tasks(database, records)
    yield from _orders(database, records)
    yield from _letters(database, records)
    yield from _requests(database, records)
    yield from _receipts_sent(database)
    yield from _money(database, processor)


def _never(database: psycopg.Connection) -> Iterator[str]:
    values = {"sweepers": [*SWEEPERS, *_OTHERS]}
    for what, sql in _NEVER.items():
        for subject, found in database.execute(sql, values):
            yield f"{what}: {subject} ({found})"


def _tasks(database: psycopg.Connection, records: Records) -> Iterator[str]:
    rows = database.execute("SELECT idempotency_key FROM generation_task")
    times = Counter(key for (key,) in rows)
    yield from (f"an order of images was taken and isn't there: {one}" for one in
                records.tasks - times.keys())  # fmt: skip
    yield from (f"an order of images is there twice: {key}" for key, n in times.items() if n > 1)


def _orders(database: psycopg.Connection, records: Records) -> Iterator[str]:
    states = dict(database.execute("SELECT session_id, state FROM payments_order"))
    for session, fate in records.sessions.items():
        state = states.get(session)
        if state not in (_ENDS if fate in _PAID else _UNPAID):
            yield f"an order that was {fate} is {state}: {session}"


def _money(database: psycopg.Connection, processor: str) -> Iterator[str]:
    """Ours beside the processor's, both ways, to the cent."""
    theirs = {
        one["id"]: (one["amount"], one["amount_refunded"])
        for one in listed(processor, "charges")
        if one["paid"]
    }
    ours = {
        charge: (paid, refunded)
        for charge, paid, refunded in database.execute(
            "SELECT processor_charge_id, paid_minor, refunded_minor FROM payments_charge"
        )
    }
    for charge in theirs.keys() | ours.keys():
        if theirs.get(charge) != ours.get(charge):
            yield f"a charge is {theirs.get(charge)} there and {ours.get(charge)} here: {charge}"
    made = {one["id"] for one in listed(processor, "refunds") if one["status"] == "succeeded"}
    rows = database.execute(
        "SELECT processor_refund_id FROM payments_refund WHERE state = 'succeeded'"
    )
    if strange := made ^ {refund for (refund,) in rows}:
        yield f"refunds are on one side only: {strange}"


def _letters(database: psycopg.Connection, records: Records) -> Iterator[str]:
    rows = database.execute("SELECT message_id, count(*) FROM support_inbound_email GROUP BY 1")
    times: dict[str, int] = dict(rows.fetchall())
    for one in records.letters:
        if times.get(one) != 1:
            yield f"a mail was taken {times.get(one, 0)} times: {one}"


def _requests(database: psycopg.Connection, records: Records) -> Iterator[str]:
    kept = {case for (case,) in database.execute("SELECT id FROM support_case")}
    yield from (f"a request was taken and isn't there: {one}" for one in records.requests - kept)


def _receipts_sent(database: psycopg.Connection) -> Iterator[str]:
    """Each order's receipt reached its buyer as one letter: what came twice is the same one."""
    rows = database.execute("SELECT id FROM payments_order WHERE state = 'delivered'")
    wanted = {f"<receipt-{order}@jewelrymodel.example>" for (order,) in rows}
    mails = database.execute(
        "SELECT convert_from(raw, 'UTF8') FROM infra_mail_message WHERE subject LIKE 'Receipt %%'"
    )
    sent = {_message_id(raw) for (raw,) in mails}
    yield from (f"a receipt was not sent: {one}" for one in wanted - sent)
    yield from (f"a receipt was sent for no order: {one}" for one in sent - wanted)


def _message_id(raw: str) -> str:
    head = raw.partition("\n\n")[0].replace("\r", "")
    lines = [line for line in head.replace("\n ", " ").split("\n") if line.startswith("Message-I")]
    return lines[0].partition(":")[2].strip() if lines else ""


def listed(processor: str, what: str, **wanted: str) -> Iterator[dict[str, Any]]:
    """Everything of a kind that the processor has, page by page; what is *wanted* of it."""
    after: dict[str, str] = {}
    while True:
        query = {"limit": "100", **wanted, **after}
        answer = httpx.get(f"{processor}/v1/{what}", params=query, headers=KEY, timeout=30)
        page = answer.raise_for_status().json()
        yield from page["data"]
        if not page["has_more"]:
            return
        after = {"starting_after": page["data"][-1]["id"]}
