"""Writing the audit record: rows are added, never changed."""

from datetime import datetime

from jewelrymodel.audit.models import AuditEntry
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id


class IncompleteAuditEntry(CodedError):
    """An audit entry names an action and a subject."""


def record(
    *,
    actor: Actor,
    action: str,
    subject: str,
    reason: str,
    account_id: str,
    now: datetime,
    actor_label: str = "",
) -> AuditEntry:
    """Note, in the caller's transaction, that *actor* did *action* to *subject*, and why.

    *actor_label* is what a reader should see for *actor* where its text doesn't say it;
    *subject* is ``<kind>:<id>``; *account_id* is "" where no account is concerned. Raises
    IncompleteAuditEntry.
    """
    if not (action and subject):
        raise IncompleteAuditEntry(action=action, subject=subject)
    return AuditEntry.objects.create(
        id=new_id("aud", now=now),
        account_id=account_id,
        actor=str(actor),
        actor_label=actor_label,
        action=action,
        subject=subject,
        reason=reason,
        happened_at=now,
    )
