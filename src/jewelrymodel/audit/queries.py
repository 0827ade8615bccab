"""Reading the audit record."""

from jewelrymodel.audit.models import AuditEntry


def entries_about(*, subject: str) -> list[AuditEntry]:
    """Return what was done to *subject* (``<kind>:<id>``), oldest first."""
    return list(AuditEntry.objects.filter(subject=subject).order_by("happened_at", "id"))
