"""First messages in one unproven name within a day are one request, answered once.

Whoever forges a sender would otherwise have us write to a stranger as often as they like.
"""

from datetime import datetime, timedelta

from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import CaseState, Channel

ANSWERED_ONCE_IN = timedelta(days=1)


def unproven_request(*, address: str, now: datetime) -> Case | None:
    """Return the open case that somebody who wrote as *address* opened within ANSWERED_ONCE_IN.

    None where there is none, or where its sender proved who they are: nobody adds to a person's own
    request by naming their address.
    """
    rows = Case.objects.filter(
        email=address.lower(),
        identity_level=0,
        channel__in=(Channel.MAIL, Channel.FORM),
        state__in=(CaseState.OPEN, CaseState.WAITING),
        opened_at__gt=now - ANSWERED_ONCE_IN,
    )
    return rows.order_by("-opened_at").first()
