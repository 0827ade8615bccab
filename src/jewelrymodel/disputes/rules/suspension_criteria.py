"""When a dispute suspends what its charge bought (9.1)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.catalog.products import LegalClass
from jewelrymodel.kernel.translation import gettext_noop as _
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.statuses import DisputeStatus


@dataclass(frozen=True)
class SuspensionFacts:
    """What decides about a suspension: the dispute's state, and the facts around its opening.

    *lost*: the bank has the money, and has not decided for us since. *resolvable* as
    ``is_resolvable`` says. *bought* is false for a charge that brought nothing, such as the second
    one of an order.
    """

    status: str
    is_inquiry: bool
    lost: bool
    resolvable: bool
    contacted_before: bool
    missed_deadline: bool
    law_right: bool
    bought: bool


def has_law_right(
    *,
    ends_at: datetime | None,
    legal_class: str,
    consents: Collection[str],
    opened_at: datetime,
) -> bool:
    """Return whether the buyer could still withdraw by law when the dispute was opened.

    *ends_at* is when their days to do so were over; None where the law gives them none. Digital
    content is excepted once both consents of the checkout were given.
    """
    waived = legal_class == LegalClass.DIGITAL_CONTENT and set(ConsentKind) <= set(consents)
    return ends_at is not None and opened_at < ends_at and not waived


def suspends(facts: SuspensionFacts) -> tuple[bool, str]:
    """Return whether what the charge bought is suspended, and why or why not (9.1).

    Derived from state alone, so it ends by itself; an inquiry is no chargeback, a status that we
    don't know suspends nothing (edge 16), and what is left of a lost charge stays suspended
    (edge 13), also while that is appealed: once lost, lost until won.
    """
    if not facts.bought:
        return False, _("nothing was added for this charge")
    if facts.lost:
        return True, _("the bank returned your payment")
    reasons_not_to = (
        (facts.status in DisputeStatus.closed(), _("the dispute is over")),
        (facts.status == DisputeStatus.UNKNOWN, _("our team is reviewing the bank’s message")),
        (facts.is_inquiry, _("an inquiry isn’t a chargeback")),
        (facts.contacted_before, _("you had contacted us before")),
        (facts.missed_deadline, _("we had missed our own deadline (7.6)")),
        (facts.law_right, _("the law gives a right to withdraw from this purchase")),
        (not facts.resolvable, _("contacting us could not have resolved it")),
    )
    for holds, why in reasons_not_to:
        if holds:
            return False, why
    return True, _("a chargeback was opened before we were contacted about it")
