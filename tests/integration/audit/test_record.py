from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from jewelrymodel.audit import operations
from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.kernel.actors import Actor

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def record(**changes: str) -> AuditEntry:
    told = {
        "actor": Actor.user(7),
        "actor_label": "desk@jewelrymodel.example",
        "action": "case.closed",
        "subject": "case:12",
        "reason": "The credits were restored.",
        "account_id": "acc_1",
    }
    return operations.record(**(told | changes), now=NOW)


def test_an_entry_keeps_who_did_what_to_what_and_why() -> None:
    kept = AuditEntry.objects.get(pk=record().pk)
    assert (kept.actor, kept.action, kept.subject) == ("user:7", "case.closed", "case:12")
    assert (kept.account_id, kept.happened_at) == ("acc_1", NOW)


@pytest.mark.parametrize("missing", ["action", "subject"])
def test_an_entry_without_the_essentials_is_refused(missing: str) -> None:
    with pytest.raises(operations.IncompleteAuditEntry):
        record(**{missing: ""})


@pytest.mark.parametrize(
    "sql",
    ["UPDATE audit_entry SET reason = ''", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_the_database_keeps_what_was_recorded(sql: str) -> None:
    record()
    kept = AuditEntry.objects.count()
    refused = pytest.raises(DatabaseError, match="what is written there stays")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.count() == kept
