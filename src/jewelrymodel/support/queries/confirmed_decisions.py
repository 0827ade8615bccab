"""What agents confirmed: what can still be undone, what is due, and what came to nothing."""

from datetime import datetime

from jewelrymodel.support.models import ConfirmedDecision
from jewelrymodel.support.statuses import ConfirmationState

_CAME_TO_NOTHING = (ConfirmationState.UNDONE, ConfirmationState.REFUSED)


def pending_decision(*, case_id: str) -> ConfirmedDecision | None:
    """Return what was confirmed of a case and can still be undone; None where nothing is."""
    rows = ConfirmedDecision.objects.filter(case_id=case_id, state=ConfirmationState.PENDING)
    return rows.first()


def decision_to_redo(*, case_id: str) -> ConfirmedDecision | None:
    """Return what was confirmed last of a case where it was undone or refused: its text is kept."""
    last = ConfirmedDecision.objects.filter(case_id=case_id).order_by("-id").first()
    return last if last is not None and last.state in _CAME_TO_NOTHING else None


def due_decisions(*, before: datetime) -> list[int]:
    """Return the ids of what should have been carried out by then, oldest first."""
    rows = ConfirmedDecision.objects.filter(state=ConfirmationState.PENDING, due_at__lte=before)
    return list(rows.order_by("due_at").values_list("pk", flat=True))
