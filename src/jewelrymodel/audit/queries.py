"""Reading the audit record."""

from datetime import datetime

from jewelrymodel.audit.models import AuditEntry


def entries_about(*, subject: str) -> list[AuditEntry]:
    """Return what was done to *subject* (``<kind>:<id>``), oldest first."""
    return list(AuditEntry.objects.filter(subject=subject).order_by("happened_at", "id"))


def entries_by(
    *, actor: str, action: str, subject_prefix: str, since: datetime
) -> list[AuditEntry]:
    """Return what *actor* did since then to subjects that begin so, oldest first."""
    rows = AuditEntry.objects.filter(subject__startswith=subject_prefix, happened_at__gt=since)
    return list(rows.filter(actor=actor, action=action).order_by("happened_at", "id"))


def newest_about(*, subject: str) -> AuditEntry | None:
    """Return what was done last to *subject* (``<kind>:<id>``), None where nothing was."""
    return AuditEntry.objects.filter(subject=subject).order_by("-happened_at", "-id").first()
