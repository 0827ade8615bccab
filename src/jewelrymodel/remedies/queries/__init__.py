"""Reads: decisions, and how far their remedies are."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from django.db.models.fields.json import KeyTextTransform, KeyTransform

from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.policy.amounts import Loss
from jewelrymodel.remedies.assessments import Subject
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.remedies.queries.check_words import check_words
from jewelrymodel.remedies.queries.cited_editions import cited_texts
from jewelrymodel.remedies.queries.order_facts import UnknownSubject
from jewelrymodel.remedies.queries.remedy_documents import remedy_documents
from jewelrymodel.remedies.queries.remedy_status import (
    awaits_second_approval,
    decision_heading,
    remedy_status,
)
from jewelrymodel.remedies.queries.running_outages import rests_on_running_outage
from jewelrymodel.remedies.statuses import LIVE, NOT_DONE, RemedyState

__all__ = [
    "UnknownSubject",
    "awaiting_second_approval",
    "awaits_second_approval",
    "check_words",
    "cited_texts",
    "decision",
    "decision_heading",
    "decision_records",
    "decisions",
    "decisions_about",
    "decisions_failed",
    "decisions_not_carried_out",
    "is_under_way",
    "machine_decisions",
    "paid_for_incident",
    "paid_for_incidents",
    "remedy_documents",
    "remedy_status",
    "rests_on_running_outage",
]


def decision(*, decision_id: str, account_id: str | None = None) -> DecisionRecord:
    """Return one decision, of *account_id* where one is given.

    Raises DecisionRecord.DoesNotExist.
    """
    rows = DecisionRecord.objects.select_related("account").prefetch_related("remedies")
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    return rows.get(pk=decision_id)


def decisions(*, account_id: str) -> list[DecisionRecord]:
    """Return the account's decisions with their remedies, newest first."""
    rows = DecisionRecord.objects.filter(account_id=account_id).prefetch_related("remedies")
    return list(rows.order_by("-decided_at"))


def decisions_about(*, account_id: str, subject: Subject) -> list[DecisionRecord]:
    """Return what was decided about an order or a task, newest first."""
    rows = DecisionRecord.objects.filter(
        account_id=account_id, subject_kind=subject.kind, subject_id=subject.id
    )
    return list(rows.prefetch_related("remedies").order_by("-decided_at"))


def paid_for_incident(*, incident_id: str, since: datetime) -> list[DecisionRecord]:
    """Return the decisions, taken *since* then, that made an outage good in which an incident
    counts: those of which something was given or still will be, oldest first.
    """
    given = RemedyRow.objects.filter(state__in=LIVE, once_key__startswith=f"{Loss.OUTAGE}:")
    rows = DecisionRecord.objects.filter(pk__in=given.values("decision_id"), decided_at__gte=since)
    rows = rows.select_related("account").prefetch_related("remedies").order_by("decided_at")
    counts = f"incident:{incident_id}"
    return [one for one in rows if counts in _outages_of(one)]


def paid_for_incidents(*, since: Mapping[str, datetime]) -> dict[str, int]:
    """Return of each incident that counts in any how many decisions ``paid_for_incident`` returns;
    *since* when, by incident. So many queries as of one.
    """
    if not since:
        return {}
    given = RemedyRow.objects.filter(state__in=LIVE, once_key__startswith=f"{Loss.OUTAGE}:")
    rows = DecisionRecord.objects.filter(
        pk__in=given.values("decision_id"), decided_at__gte=min(since.values())
    )
    paid = Counter[str]()
    for decided_at, records in rows.values_list("decided_at", _OUTAGE_RECORDS):
        for record in set(str(records or "").split(",")):
            incident_id = record.removeprefix("incident:")
            if incident_id in since and decided_at >= since[incident_id]:
                paid[incident_id] += 1
    return dict(paid)


_OUTAGE_RECORDS = KeyTextTransform(
    "record", KeyTransform("outage.minutes", KeyTransform("facts", "body"))
)
"""What ``_outages_of`` reads, without the rest of a decision's text."""


def _outages_of(decision: DecisionRecord) -> list[str]:
    """The records that its minutes of outage were counted from."""
    fact = decision.body["facts"].get("outage.minutes", {"record": ""})
    return str(fact["record"]).split(",")


def is_under_way(*, account_id: str, subject: Subject) -> bool:
    """Return whether something that was decided about an order or a task is not carried out yet."""
    rows = RemedyRow.objects.filter(
        decision__account_id=account_id,
        decision__subject_kind=subject.kind,
        decision__subject_id=subject.id,
    )
    return rows.filter(state__in=LIVE).exclude(state=RemedyState.DONE).exists()


def machine_decisions(*, since: datetime) -> list[DecisionRecord]:
    """Return what the machine decided since then, newest first."""
    rows = DecisionRecord.objects.filter(decided_at__gte=since)
    rows = rows.exclude(decided_by__startswith=USER_PREFIX).select_related("account")
    return list(rows.prefetch_related("remedies").order_by("-decided_at"))


def awaiting_second_approval() -> list[DecisionRecord]:
    """Return the decisions that wait for a second person, oldest first."""
    rows = DecisionRecord.objects.filter(remedies__state=RemedyState.PENDING_APPROVAL)
    rows = rows.select_related("account").prefetch_related("remedies")
    return list(rows.distinct().order_by("decided_at"))


def decisions_not_carried_out(*, before: datetime) -> list[DecisionRecord]:
    """Return decisions taken before then with a remedy that isn't done, oldest first."""
    waiting = (RemedyState.PENDING_APPROVAL, RemedyState.PLANNED, RemedyState.STARTED)
    rows = DecisionRecord.objects.filter(remedies__state__in=waiting, decided_at__lt=before)
    return list(rows.distinct().order_by("decided_at"))


def decisions_failed() -> list[DecisionRecord]:
    """Return decisions with a remedy that could not be carried out and was not taken up again.

    Of several that tried the same in vain the newest: that is the one that a person has, or needs.
    """
    failed = RemedyRow.objects.filter(state__in=NOT_DONE)
    live = RemedyRow.objects.filter(state__in=LIVE).values("once_key")
    newest = failed.exclude(once_key__in=live).order_by("once_key", "-decision__decided_at", "-id")
    ids = newest.distinct("once_key").values_list("decision_id", flat=True)
    return list(DecisionRecord.objects.filter(pk__in=ids).order_by("decided_at"))


def decision_records(*, since: datetime) -> list[DecisionRecord]:
    """Return the decisions taken since then, by id, with what never changes of them."""
    rows = DecisionRecord.objects.filter(decided_at__gte=since).order_by("id")
    return list(rows.only("id", "account_id", "sha256", "outcome", "denied", "decided_at"))
