"""The short form of the fault campaign: what ``make campaign`` does with thousands, with a few.

Everything breaks once while a crowd orders, buys and writes; then the books are read in SQL, beside
the processor's own list.
"""

import os
import random
import shutil
import tempfile
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
    "UPDATE generation_task SET credits_charged = credits_charged - 1 WHERE credits_charged > 0",
    "DELETE FROM ledger_transfer WHERE to_kind = 'consumed'",
    "DELETE FROM ledger_lot WHERE source = 'package_order'",
    "UPDATE payments_charge SET paid_minor = paid_minor + 1, kept_minor = kept_minor + 1",
    "DELETE FROM payments_charge",
    "DELETE FROM payments_receipt WHERE number = 1",
    "UPDATE payments_order SET session_id = NULL",
    "DELETE FROM support_inbound_email",
    "DELETE FROM infra_mail_message WHERE subject LIKE 'Receipt %'",
    "DELETE FROM ledger_lot WHERE source = 'subscription_period'",
    "UPDATE ledger_entitlement_period SET ends_at = ends_at + interval '1 day'",
    "UPDATE payments_subscription SET told_cancel_at = NULL",
    "UPDATE payments_subscription SET state = 'active', ended_at = NULL",
    "UPDATE payments_order SET invoice_id = invoice_id || 'x' WHERE invoice_id IS NOT NULL",
    "UPDATE payments_order SET period_starts_at = (SELECT min(period_starts_at)"
    " FROM payments_order), subscription_id = (SELECT min(id) FROM payments_subscription)"
    " WHERE subscription_id IS NOT NULL",
    "DELETE FROM payments_dispute",
    "UPDATE payments_charge SET lost_minor = lost_minor + 1, kept_minor = kept_minor - 1"
    " WHERE kept_minor > 0",
    "DELETE FROM disputes_work",
    "INSERT INTO payments_subscription_suspension (id, subscription_id, cause_id, created_at)"
    " SELECT 'sus_campaign', min(s.id), min(d.id), now()"
    " FROM payments_subscription s, payments_dispute d",
    "INSERT INTO ledger_lot_suspension (id, account_id, lot_id, cause_kind, cause_id, created_at)"
    " SELECT 'sus_campaign', l.account_id, l.id, 'dispute', d.id, now() FROM ledger_lot l,"
    " payments_dispute d WHERE l.source = 'promotion' LIMIT 1",
    "DELETE FROM support_case",
)
"""What the verdict has to see, so that its silence means something."""
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
    for statement in FORGERIES:
        with psycopg.connect(course.database) as connection:
            connection.execute("SET session_replication_role = replica")  # no trigger refuses it
            assert connection.execute(statement).rowcount, statement
            assert next(course.differences(connection), ""), f"unseen: {statement}"
            connection.rollback()


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
