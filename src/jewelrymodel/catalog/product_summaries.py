"""What offers say of the products that a fresh installation sells, in the reader's language.

A published version never changes, and neither does its summary: what migrations 0003 and 0004
published is shown by these sentences. One that an operator published is shown as they wrote it.
"""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SHIPPED: dict[str, Promise] = {
    "Try it on a few pieces.": _("Try it on a few pieces."),
    "A small collection, worn and styled.": _("A small collection, worn and styled."),
    "A season's catalogue.": _("A whole season’s catalog."),
    "For a few pieces every month.": _("For a few pieces every month."),
    "For a shop that shows new work every week.": _("For a shop that shows new work every week."),
}


def summary_words(summary: str) -> str:
    """Return what to show of a product's summary."""
    return str(_SHIPPED.get(summary, summary))
