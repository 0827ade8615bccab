"""What has to be true of plans and disputes once all is quiet, in SQL and at the processor."""

from collections.abc import Iterator
from typing import Any, LiteralString

import psycopg
from psycopg.sql import SQL

from tests.support.campaign.records import Records
from tests.support.campaign.verdict import listed

_PARTS = {
    "clock": SQL("""
(now() + make_interval(secs => coalesce((SELECT max(offset_s) FROM infra_clock_offset), 0)))"""),
    "has_case": SQL("""
EXISTS (SELECT FROM support_case c WHERE c.state IN ('open', 'waiting_for_customer') AND (
  c.subject_id IN (s.id, s.processor_subscription_id)
  OR c.check_subject LIKE '%' || s.processor_subscription_id || '%'
  OR c.subject_id IN (SELECT id FROM payments_order o WHERE o.subscription_id = s.id)))"""),
    "asked_which": SQL("""
EXISTS (SELECT FROM support_case c WHERE c.state IN ('open', 'waiting_for_customer')
  AND c.category = 'duplicate' AND (c.subject_id = s.id
    OR c.subject_id IN (SELECT id FROM payments_order o WHERE o.subscription_id = s.id)))"""),
    "roots": SQL("""
WITH RECURSIVE root AS (
  SELECT id AS lot_id, source_ref FROM ledger_lot WHERE continues_id IS NULL
  UNION ALL
  SELECT l.id, root.source_ref FROM ledger_lot l JOIN root ON l.continues_id = root.lot_id)"""),
    "over": SQL("('won', 'warning_closed', 'prevented')"),
}
# Each answers rows of what is wrong: what it is about, and what was found.
_NEVER: dict[str, LiteralString] = {
    "a billing period was delivered twice": """
SELECT subscription_id, period_starts_at FROM payments_order
WHERE state = 'delivered' AND subscription_id IS NOT NULL
GROUP BY subscription_id, period_starts_at HAVING count(*) > 1""",
    "a billing period gives access that nobody paid, or none": """
SELECT coalesce(o.id, p.order_ref), o.state FROM (SELECT * FROM payments_order
    WHERE state = 'delivered' AND subscription_id IS NOT NULL) o
  FULL JOIN ledger_entitlement_period p ON p.order_ref = o.id
WHERE o.id IS NULL OR p.id IS NULL OR p.ends_at <> o.period_ends_at""",
    "an account has two plans that renew, and nobody asked which to keep": """
SELECT s.account_id, count(*) FROM payments_subscription s
WHERE state <> 'canceled' AND cancel_requested_at IS NULL AND NOT {asked_which}
GROUP BY s.account_id HAVING count(*) > 1""",
    "nobody looks at a plan": """
SELECT s.id, s.next_look_at FROM payments_subscription s
WHERE s.state <> 'canceled' AND s.next_look_at < {clock} - interval '2 hours'""",
    "a plan has no exit": """
SELECT s.id, s.state FROM payments_subscription s WHERE NOT {has_case} AND (
  s.state = 'past_due' AND s.cancel_requested_at IS NULL AND s.open_invoice_id = ''
  OR s.state <> 'canceled' AND s.cancel_requested_at IS NOT NULL
    AND s.period_ends_at < {clock} - interval '1 day'
  OR s.state = 'active' AND s.period_ends_at < {clock} - interval '4 days')""",
    "nobody was told that a plan was canceled": """
SELECT id, cancel_requested_at FROM payments_subscription
WHERE cancel_requested_at IS NOT NULL AND told_cancel_at IS NULL""",
    "a dispute suspends credits that its charge didn't buy": """
{roots} SELECT x.lot_id, x.cause_id FROM ledger_lot_suspension x
  LEFT JOIN payments_dispute d ON d.id = x.cause_id
  LEFT JOIN payments_charge c ON c.id = d.charge_id
  LEFT JOIN root ON root.lot_id = x.lot_id
WHERE x.cause_kind = 'dispute' AND root.source_ref IS DISTINCT FROM c.order_id""",
    "a dispute that is over suspends credits": """
SELECT x.lot_id, d.status FROM ledger_lot_suspension x JOIN payments_dispute d ON d.id = x.cause_id
WHERE x.reinstated_at IS NULL AND (d.status IN {over} AND d.lost_at IS NULL OR d.is_inquiry)""",
    "a lost dispute leaves its credits": """
{roots} SELECT d.id, root.lot_id FROM payments_dispute d
  JOIN payments_charge c ON c.id = d.charge_id JOIN payments_order o ON o.id = c.order_id
  JOIN root ON root.source_ref = o.id
WHERE d.lost_at IS NOT NULL AND o.state = 'delivered'
  AND NOT EXISTS (SELECT FROM payments_charge e WHERE e.order_id = o.id
    AND (e.charged_at, e.id) < (c.charged_at, c.id))
  AND NOT EXISTS (SELECT FROM ledger_lot_suspension x WHERE x.lot_id = root.lot_id
    AND x.cause_id = d.id AND x.reinstated_at IS NULL)""",
    "a dispute suspends a plan that it isn't about, or longer than it may": """
SELECT x.subscription_id, d.status FROM payments_subscription_suspension x
  LEFT JOIN payments_dispute d ON d.id = x.cause_id
  LEFT JOIN payments_charge c ON c.id = d.charge_id
  LEFT JOIN payments_order o ON o.id = c.order_id
WHERE o.subscription_id IS DISTINCT FROM x.subscription_id
  OR x.reinstated_at IS NULL AND (d.status IN {over} OR d.lost_at IS NOT NULL OR d.is_inquiry)""",
    "a dispute's work isn't done, or nobody was told": """
SELECT d.id, w.turns FROM payments_dispute d LEFT JOIN disputes_work w ON w.dispute_id = d.id
WHERE w.dispute_id IS NULL OR w.updated_at < d.seen_at OR w.notified_turn < w.turns""",
}
COUNTED: LiteralString = """
SELECT 'plan ' || state, count(*) FROM payments_subscription GROUP BY 1 UNION ALL
SELECT 'period ' || state, count(*) FROM payments_order WHERE subscription_id IS NOT NULL
  GROUP BY 1 UNION ALL
SELECT 'dispute ' || status, count(*) FROM payments_dispute GROUP BY 1
"""
_RUNNING: dict[str, LiteralString] = {
    "a plan that was canceled runs": """
SELECT id, state FROM payments_subscription WHERE state <> 'canceled'""",
    "a plan that is over can be used": """
SELECT account_id, ends_at FROM ledger_entitlement_period WHERE ends_at > {clock}""",
    "a plan that is over is suspended": """
SELECT subscription_id, cause_id FROM payments_subscription_suspension
WHERE reinstated_at IS NULL""",
}
_LOST = {"lost", "appeal_needs_response", "appeal_under_review"}


def differences(database: psycopg.Connection, processor: str, records: Records) -> Iterator[str]:
    """Yield everything about plans and disputes that isn't as it has to be."""
    yield from _rows(database, _NEVER)
    plans = {one["id"]: one for one in listed(processor, "subscriptions", status="all")}
    yield from _plans(database, plans)
    yield from _periods(database, processor)
    yield from _disputes(database, processor, records)


def running(database: psycopg.Connection) -> Iterator[str]:
    """Yield what still runs although everybody canceled and all periods are over."""
    yield from _rows(database, _RUNNING)


def _rows(database: psycopg.Connection, wrong: dict[str, LiteralString]) -> Iterator[str]:
    for what, rows in wrong.items():
        for subject, found in database.execute(SQL(rows).format(**_PARTS)):
            yield f"{what}: {subject} ({found})"


def _plans(database: psycopg.Connection, theirs: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Each plan is on both sides, and renews on both or on none."""
    ours = {
        plan: (state != "canceled", state != "canceled" and canceled is None)
        for plan, state, canceled in database.execute(
            "SELECT processor_subscription_id, state, cancel_requested_at"
            " FROM payments_subscription"
        )
    }
    there = {
        plan: (one["status"] != "canceled", one["status"] != "canceled" and not one["cancel_at"])
        for plan, one in theirs.items()
    }
    for plan in ours.keys() | there.keys():
        if ours.get(plan) != there.get(plan):
            yield f"a plan (live, renews) is {there.get(plan)} there, {ours.get(plan)} here: {plan}"


def _periods(database: psycopg.Connection, processor: str) -> Iterator[str]:
    """Each invoice that was paid has one order, and the other way round."""
    paid = {one["id"] for one in listed(processor, "invoices") if one["status"] == "paid"}
    rows = database.execute("SELECT invoice_id FROM payments_order WHERE invoice_id IS NOT NULL")
    if strange := paid ^ {invoice for (invoice,) in rows}:
        yield f"paid periods are on one side only: {strange}"


def _disputes(database: psycopg.Connection, processor: str, records: Records) -> Iterator[str]:
    """Each dispute is on both sides in the same state; what a bank took, we say we lost."""
    theirs = {one["id"]: one for one in listed(processor, "disputes")}
    ours = dict(database.execute("SELECT processor_dispute_id, status FROM payments_dispute"))
    yield from (f"a dispute was opened and isn't there: {one}" for one in
                records.disputes.keys() - theirs.keys())  # fmt: skip
    for dispute in theirs.keys() | ours.keys():
        there = theirs[dispute]["status"] if dispute in theirs else None
        if ours.get(dispute) != there:
            yield f"a dispute is {there} there and {ours.get(dispute)} here: {dispute}"
    lost = dict[str, int]()
    for one in theirs.values():
        if one["status"] in _LOST:
            lost[one["charge"]] = lost.get(one["charge"], 0) - sum(
                move["amount"] for move in one["balance_transactions"]
            )
    rows = database.execute("SELECT processor_charge_id, lost_minor FROM payments_charge")
    for charge, minor in rows:
        if lost.get(charge, 0) != minor:
            yield f"a bank took {lost.get(charge, 0)} and {minor} are lost here: {charge}"
