"""The short form of the fault campaign: what ``make campaign`` does with thousands, with a few.

Everything breaks once while a crowd orders, buys and writes; then the books are read in SQL, beside
the processor's own list.
"""

import os
import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from jewelrymodel.infra.postgres import EmbeddedPostgres
from tests.support import prepared_database
from tests.support.campaign.course import Course
from tests.support.campaign.plan import Fate, Images, Purchase, Trouble, plan
from tests.support.service import start

TASKS, PURCHASES, PLANS = 8, 8, 5
FORGERIES = (
    (
        "UPDATE generation_task SET credits_charged = credits_charged - 1"
        " WHERE credits_charged > 0",
        "a task's hold isn't what it says",
    ),
    (
        "DELETE FROM ledger_transfer WHERE to_kind = 'consumed'",
        "what was consumed isn't what was captured",
    ),
    (
        "DELETE FROM ledger_lot WHERE source = 'package_order'",
        "an order was delivered without its credits",
    ),
    (
        "UPDATE payments_charge SET paid_minor = paid_minor + 1, kept_minor = kept_minor + 1",
        "a charge is (",
    ),
    ("DELETE FROM payments_charge", "a charge is ("),
    ("DELETE FROM payments_receipt WHERE number = 1", "receipts have a gap"),
    ("UPDATE payments_order SET session_id = NULL", "an order that was "),
    ("DELETE FROM support_inbound_email", "a mail was taken 0 times"),
    (
        "DELETE FROM infra_mail_message WHERE subject LIKE 'Receipt %'",
        "a receipt was not sent",
    ),
    (
        "DELETE FROM ledger_lot WHERE source = 'subscription_period'",
        "an order was delivered without its credits",
    ),
    (
        "UPDATE ledger_entitlement_period SET ends_at = ends_at + interval '1 day'",
        "a billing period gives access that nobody paid",
    ),
    (
        "UPDATE payments_subscription SET told_cancel_at = NULL",
        "nobody was told that a plan was canceled",
    ),
    (
        "UPDATE payments_subscription SET state = 'active', ended_at = NULL",
        "a plan (live, renews) is",
    ),
    (
        "UPDATE payments_order SET invoice_id = invoice_id || 'x' WHERE invoice_id IS NOT NULL",
        "paid periods are on one side only",
    ),
    (
        "UPDATE payments_order SET period_starts_at = (SELECT min(period_starts_at)"
        " FROM payments_order), subscription_id = (SELECT min(id) FROM payments_subscription)"
        " WHERE subscription_id IS NOT NULL",
        "a billing period was delivered twice",
    ),
    ("DELETE FROM payments_dispute", "a dispute is "),
    (
        "UPDATE payments_charge SET lost_minor = lost_minor + 1, kept_minor = kept_minor - 1"
        " WHERE kept_minor > 0",
        "a bank took ",
    ),
    ("DELETE FROM disputes_work", "a dispute's work isn't done"),
    (
        "INSERT INTO payments_subscription_suspension (id, subscription_id, cause_id, created_at)"
        " SELECT 'sus_campaign', min(s.id), min(d.id), now()"
        " FROM payments_subscription s, payments_dispute d",
        "a dispute suspends a plan",
    ),
    (
        "INSERT INTO ledger_lot_suspension"
        " (id, account_id, lot_id, cause_kind, cause_id, created_at)"
        " SELECT 'sus_campaign', l.account_id, l.id, 'dispute', d.id, now() FROM ledger_lot l,"
        " payments_dispute d WHERE l.source = 'promotion' LIMIT 1",
        "a dispute suspends credits that its charge didn't buy",
    ),
    ("DELETE FROM support_case", "a request was taken and isn't there"),
    (  # that somebody asked about another purchase is no question about these
        "WITH asked AS (UPDATE support_case SET category = 'duplicate', subject_id = 'another',"
        " account_id = (SELECT account_id FROM payments_subscription ORDER BY id LIMIT 1)"
        " WHERE account_id IS NOT NULL), renewing AS (UPDATE payments_subscription"
        " SET state = 'active', ended_at = NULL, cancel_requested_at = NULL)"
        " INSERT INTO payments_subscription SELECT (jsonb_populate_record(s, jsonb_build_object("
        "'id', 'sub_campaign', 'processor_subscription_id', 'sub_campaign', 'state', 'active',"
        " 'ended_at', NULL, 'cancel_requested_at', NULL))).*"
        " FROM payments_subscription s ORDER BY s.id LIMIT 1",
        "an account has two plans that renew",
    ),
    (
        "UPDATE payments_subscription"
        " SET state = 'active', ended_at = NULL, cancel_requested_at = NULL,"
        " next_look_at = '2000-01-01Z'",
        "nobody looks at a plan",
    ),
    (  # nor does anybody look at a request that is closed
        "WITH closed AS (UPDATE support_case SET state = 'closed',"
        " subject_id = (SELECT min(id) FROM payments_subscription)"
        " WHERE state IN ('open', 'waiting_for_customer'))"
        " UPDATE payments_subscription"
        " SET state = 'active', ended_at = NULL, cancel_requested_at = NULL,"
        " period_starts_at = '2000-01-01Z', period_ends_at = '2000-02-01Z'"
        " WHERE id = (SELECT min(id) FROM payments_subscription)",
        "a plan has no exit",
    ),
    (
        "WITH dispute AS (UPDATE payments_dispute SET status = 'won', lost_at = NULL RETURNING id)"
        " INSERT INTO ledger_lot_suspension"
        " (id, account_id, lot_id, cause_kind, cause_id, created_at)"
        " SELECT 'sus_campaign', l.account_id, l.id, 'dispute', d.id, now()"
        " FROM ledger_lot l, dispute d WHERE l.source = 'promotion' LIMIT 1",
        "a dispute that is over suspends credits",
    ),
    (
        "WITH suspended AS (DELETE FROM ledger_lot_suspension)"
        " UPDATE payments_dispute SET status = 'lost', lost_at = now(), charge_id = ("
        " SELECT c.id FROM payments_charge c JOIN payments_order o ON o.id = c.order_id"
        " WHERE o.state = 'delivered' ORDER BY c.charged_at, c.id LIMIT 1)",
        "a lost dispute leaves its credits",
    ),
)
"""What the verdict has to see, and the words of the judge that sees it, so that its silence means
something.
"""
LOOKS = 60  # the service still runs: what it is at may be seen, or collide with a forgery
QUIET_S = 400  # on a machine that others use; it ends as soon as all is quiet


@pytest.fixture
def course() -> Iterator[Course]:
    """A campaign on a service of its own, with the seed of CAMPAIGN_SEED or a drawn one."""
    seed = int(os.environ.get("CAMPAIGN_SEED") or random.SystemRandom().randrange(1 << 32))
    root = Path(tempfile.mkdtemp(prefix="jm-campaign-"))
    root.chmod(0o711)  # the database's user must pass through it
    (root / "data").mkdir()
    prepared_database.unpack(root / "data" / "pg")
    service = start(root / "data", "--empty")
    service.wait_until_ready()
    database = EmbeddedPostgres(root / "data" / "pg", root / "data" / "run").owner_url
    made = Course(service, database, seed=seed, hurry=True)
    yield made
    made.saboteur.stop()
    shutil.rmtree(root)


def test_whatever_breaks_nothing_appears_vanishes_or_moves_twice(course: Course) -> None:
    outcome = course.run(tasks=TASKS, purchases=PURCHASES, plans=PLANS, quiet_s=QUIET_S, say=print)
    print(outcome)
    assert not outcome.violations, str(outcome)
    for statement, judge in FORGERIES:
        for look in range(LOOKS):
            try:
                before, after = told_of(course, statement, judge)
            except psycopg.errors.SerializationFailure:
                assert look + 1 < LOOKS, f"the rows of this never rest: {statement}"
                continue
            if not before:
                break
            time.sleep(1)
        assert not before, f"said without {statement}: {before}"
        assert after, f"unseen by “{judge}”: {statement}"


def told_of(course: Course, statement: str, judge: str) -> tuple[list[str], list[str]]:
    """What *judge* says of the books as they are, and of the same instant forged."""
    with psycopg.connect(course.database) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.execute("SET session_replication_role = replica")  # no trigger refuses it
        before = [one for one in course.differences(connection) if one.startswith(judge)]
        assert connection.execute(statement).rowcount, statement
        after = [one for one in course.differences(connection) if one.startswith(judge)]
        connection.rollback()
        return before, after


def test_a_seed_repeats_its_acts_and_every_trouble_comes() -> None:
    first, again, other = (
        list(plan(seed, tasks=TASKS, purchases=PURCHASES, plans=PLANS)) for seed in (7, 7, 8)
    )
    assert first == again
    assert first != other
    assert {one for one in first if isinstance(one, Trouble)} == {*Trouble}
    assert sum(isinstance(one, Images) for one in first) == TASKS
    assert sum(isinstance(one, Purchase) for one in first) == PURCHASES


def test_the_long_form_has_every_fate_and_each_trouble_often() -> None:
    acts = list(plan(1, tasks=10_000, purchases=2_000, plans=50))
    assert {one.fate for one in acts if isinstance(one, Purchase)} == {*Fate}
    for trouble in Trouble:
        assert acts.count(trouble) == 60
