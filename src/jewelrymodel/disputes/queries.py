"""Reads: what is suspended, for its customer and for the desk."""

from django.db.models import F

from jewelrymodel.disputes.models import DisputeWork


def suspensions(*, account_id: str) -> list[DisputeWork]:
    """Return what suspends something in the account now, oldest first."""
    rows = DisputeWork.objects.filter(suspended=True, dispute__account_id=account_id)
    return list(rows.select_related("dispute__charge__order").order_by("dispute__opened_at"))


def work(*, dispute_id: str, account_id: str | None = None) -> DisputeWork:
    """Return the work on one dispute, of *account_id* where one is given.

    Raises DisputeWork.DoesNotExist.
    """
    rows = DisputeWork.objects.select_related("dispute__charge__order", "dispute__account")
    if account_id is not None:
        rows = rows.filter(dispute__account_id=account_id)
    return rows.get(pk=dispute_id)


def untold() -> list[str]:
    """Return the ids of disputes whose customer doesn't know the last turn yet."""
    return list(
        DisputeWork.objects.filter(told_turn__lt=F("turns")).values_list("dispute_id", flat=True)
    )
