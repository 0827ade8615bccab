"""The last run of each reconciliation check."""

from jewelrymodel.support.models import ReconcilerRun


def reconciler_runs() -> list[ReconcilerRun]:
    """Return the last run of each check, by name."""
    return list(ReconcilerRun.objects.order_by("check_name"))
