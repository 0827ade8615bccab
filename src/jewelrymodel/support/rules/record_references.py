"""Which records a text names by what is printed on receipts, bank statements and our pages."""

import re
from dataclasses import dataclass

from jewelrymodel.support.rules import email_references

_HYPHEN = r"[-\u2010-\u2013]"
_RECEIPT = re.compile(rf"(?<![a-z0-9])RCP\s?{_HYPHEN}?\s?0*(\d{{1,9}})(?![a-z0-9])", re.IGNORECASE)
_AT_PROCESSOR = re.compile(r"(?<![A-Za-z0-9_])((?:ch|py|pi|cs|in)_[A-Za-z0-9_]{6,80})")
_TASK = re.compile(r"(?<![A-Za-z0-9_])(task_[0-9a-z]{10,32})(?![A-Za-z0-9_])")


@dataclass(frozen=True)
class RecordReferences:
    """What a text names, in its order: an order by number, receipts, payments, generations.

    *payments* are ids of the card processor: of a charge, an intent, a session or an invoice.
    """

    order: int | None
    receipts: tuple[int, ...]
    payments: tuple[str, ...]
    tasks: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.order or self.receipts or self.payments or self.tasks)


def references_in(text: str) -> RecordReferences:
    """Return what *text* names; whose records these are is for who looks them up."""
    return RecordReferences(
        order=email_references.order_number(text),
        receipts=tuple(dict.fromkeys(map(int, _RECEIPT.findall(text)))),
        payments=tuple(dict.fromkeys(_AT_PROCESSOR.findall(text))),
        tasks=tuple(dict.fromkeys(_TASK.findall(text.lower()))),
    )
