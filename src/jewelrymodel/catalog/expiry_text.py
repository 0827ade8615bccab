"""When credits expire, in the one sentence that offers, checkout, receipts and emails say it in."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.infra import formats


def expiry_words(*, renews: bool, days: int | None, period_ends_at: datetime | None = None) -> str:
    """Return when the credits of an offer or a purchase expire, without a full stop.

    With *period_ends_at* they were bought with a billing period of a plan (clause 3.5); a package's
    never expire unless its version names *days* (edge 17).
    """
    if period_ends_at is not None:
        end = formats.moment(period_ends_at)
        return _("Unused credits expire on %(end)s") % {"end": end}
    if renews:
        return _("Renewed monthly; unused credits don’t roll over")
    if days is None:
        return _("Credits never expire")
    words = ngettext(
        "Credits expire %(n)s day after they are added",
        "Credits expire %(n)s days after they are added",
        days,
    )
    return words % {"n": days}
