"""What offers say of the products that a fresh installation sells, in the reader's language.

The sentences are those that migrations 0003, 0004 and 0007 wrote; a summary that an operator
published is shown as they wrote it.
"""

from django.utils.translation import gettext, gettext_noop

_SHIPPED = {
    gettext_noop("Try it on a few pieces."),
    gettext_noop("A small collection, worn and styled."),
    gettext_noop("A whole season’s catalog."),
    gettext_noop("For a few pieces every month."),
    gettext_noop("For a shop that shows new work every week."),
}


def summary_words(summary: str) -> str:
    """Return what to show of a product's summary."""
    return gettext(summary) if summary in _SHIPPED else summary
