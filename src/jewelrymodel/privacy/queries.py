"""Reads: how far somebody's file with their data is."""

from jewelrymodel.privacy.models import DataExport


def latest_export(*, account_id: str) -> DataExport | None:
    """Return the account's latest export, in whichever state; None where there was none."""
    return DataExport.objects.filter(account_id=account_id).order_by("-created_at").first()
