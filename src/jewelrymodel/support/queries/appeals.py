"""Appeals: a person declined a case, its customer wrote since, and another person decides."""

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from jewelrymodel.kernel.actors import USER_PREFIX
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.models import Case, CaseEntry, CaseGround
from jewelrymodel.support.queries.messages import newest_messages
from jewelrymodel.support.statuses import EntryKind


def who_declined(case: Case) -> str:
    """Return the actor who declined the case, or one of its grounds, where that is what stands;
    empty where none did, or where a machine decided.
    """
    row = _newest_decline(case)
    return row.decided_by if row else ""


def appealed_from(case: Case) -> str:
    """Return the actor of ``who_declined`` where its customer wrote since, so that another person
    decides; empty where nobody objected: a case is also open again because a remedy failed.
    """
    row = _newest_decline(case)
    return row.decided_by if row and was_objected_to(case, row) else ""


def was_objected_to(case: Case, decline: DecisionRecord) -> bool:
    """Return whether the case's customer wrote after they were told of this decline."""
    return bool(_objected({case.pk: decline}))


def appeals(cases: Iterable[Case]) -> set[str]:
    """Return those of *cases* that are open although a person declined them, or one of their
    grounds: their customer objected. The number of cases changes no number of statements.
    """
    decided = {one.pk: one.decision_id for one in cases if one.is_open and one.decision_id}
    further = CaseGround.objects.filter(case__in=decided).exclude(decision_id="")
    owners = [(decision_id, pk) for pk, decision_id in decided.items()]
    owners += further.values_list("decision_id", "case_id")
    rows = {one.pk: one for one in _declines(decision_id for decision_id, _pk in owners)}
    newest: dict[str, DecisionRecord] = {}
    for decision_id, pk in owners:
        row = rows.get(decision_id)
        if row and (pk not in newest or row.decided_at > newest[pk].decided_at):
            newest[pk] = row
    return _objected(newest)


def _objected(declines: Mapping[str, DecisionRecord]) -> set[str]:
    """Of cases, each with its decline, those whose customer wrote after the email that told it.

    Compared are the ids of what was written: clocks of two machines differ.
    """
    if not declines:
        return set()
    letters = CaseEntry.objects.filter(
        case__in=declines, kind=EntryKind.MESSAGE_OUT, author__startswith=USER_PREFIX
    )
    told = dict[str, int]()
    fields = letters.order_by("pk").values_list("case_id", "author", "created_at", "pk")
    for case_id, author, written_at, pk in fields:
        row = declines[case_id]
        if author == row.decided_by and written_at >= row.decided_at:
            told.setdefault(case_id, pk)
    newest = newest_messages(declines)
    return {one for one in declines if newest.get(one, 0) > told.get(one, 0)}


def _newest_decline(case: Case) -> DecisionRecord | None:
    if not case.decision_id:
        return None
    further = case.further_grounds.exclude(decision_id="").values_list("decision_id", flat=True)
    return _declines([case.decision_id, *further]).order_by("-decided_at").first()


def _declines(decision_ids: Iterable[str]) -> QuerySet[DecisionRecord]:
    """Those of a person: no machine declines."""
    return DecisionRecord.objects.filter(
        pk__in=set(decision_ids), denied=True, decided_by__startswith=USER_PREFIX
    )
