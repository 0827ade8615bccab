"""Who has a case open now, and what they typed there and haven't sent: kept while they work."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from jewelrymodel.support.models import Case, CaseVisit

VISITS_KEPT = timedelta(days=30)
_LONGEST_DRAFT = 40_000  # characters: as long as a message may be that the page shows whole


def visit(*, case_id: str, user_id: int, drafts: Mapping[str, str], now: datetime) -> CaseVisit:
    """Return that a colleague has the case open now, with what they typed, by the form's name.

    A form that isn't named keeps its draft; an empty text ends it. Raises Case.DoesNotExist.
    """
    with transaction.atomic():
        Case.objects.only("pk").get(pk=case_id)
        row, _is_new = CaseVisit.objects.select_for_update().get_or_create(
            case_id=case_id, user_id=user_id, defaults={"seen_at": now}
        )
        texts = {**row.drafts, **{name: text[:_LONGEST_DRAFT] for name, text in drafts.items()}}
        row.drafts = {name: text for name, text in texts.items() if text.strip()}
        row.seen_at = now
        row.save()
    return row


def end_draft(*, case_id: str, user_id: int, form: str) -> None:
    """Forget what a colleague typed into a form of the case: it was sent."""
    with transaction.atomic():
        rows = CaseVisit.objects.select_for_update().filter(case_id=case_id, user_id=user_id)
        for row in rows:
            row.drafts.pop(form, None)
            row.save(update_fields=["drafts"])


def forget_visits(*, now: datetime) -> int:
    """Forget visits that are long over, with their drafts; return how many."""
    count, _by_model = CaseVisit.objects.filter(seen_at__lt=now - VISITS_KEPT).delete()
    return count
