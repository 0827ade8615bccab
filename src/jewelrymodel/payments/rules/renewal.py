"""Whether a plan renews, here and at the processor: who changed it last decides. How far a renewal
that is due got, and which charge for one came too late.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


@dataclass(frozen=True)
class RenewalState:
    """Whether a plan renews here and at the processor, and what is known of who changed it last.

    *renews* is our word, *known_renews* what the processor was last told or said, *seen_renews*
    what it says now. *resumed_at* is when the customer last took a cancellation back here,
    *seen_canceled_at* when a cancellation was last asked for there.
    """

    renews: bool
    known_renews: bool
    seen_renews: bool
    resumed_at: datetime | None
    seen_canceled_at: datetime | None


class RenewalStep(StrEnum):
    """What follows where a plan renews here and not there, or the other way round."""

    NONE = "none"
    TELL = "tell"
    ADOPT_CANCELLATION = "take_cancel"
    ADOPT_RESUMPTION = "take_resume"


SKEW = timedelta(seconds=10)  # by so much our clock and the processor's may differ


def renewal_step(state: RenewalState) -> RenewalStep:
    """Return what follows where a plan renews here and not at the processor, or the other way.

    Who changed it last decides (docs/checkout.md has the table). A cancellation there is dated, so
    it is compared with our last resume; within SKEW of each other, and for a resume there, which
    has no date, what the processor was last told or said decides: what differs from that was
    changed there.
    """
    if state.renews == state.seen_renews:
        return RenewalStep.NONE
    if not state.renews:
        return RenewalStep.TELL if state.known_renews else RenewalStep.ADOPT_RESUMPTION
    there, here = state.seen_canceled_at, state.resumed_at
    if there and here and abs(there - here) > SKEW:
        return RenewalStep.ADOPT_CANCELLATION if there > here else RenewalStep.TELL
    return RenewalStep.ADOPT_CANCELLATION if state.known_renews else RenewalStep.TELL


def is_charged_after_cancellation(
    charged_at: datetime, *, cancel_requested_at: datetime | None
) -> bool:
    """Return whether a renewal was charged after the customer had canceled: nothing is delivered
    for it, its money goes back (clause 3.2). Its invoice may be older: it is a draft for an hour.
    """
    return cancel_requested_at is not None and charged_at > cancel_requested_at


UNSEEN = timedelta(minutes=30)
"""So long after a period's end the processor's invoice may not have been seen yet: our first look
comes two minutes after it, further ones each quarter of an hour."""

RENEWAL_GRACE = timedelta(hours=74)
"""So long a renewal may be under way. The processor keeps its invoice a draft for an hour, and for
up to 72 while our webhook doesn't answer (its documentation of subscription invoices); then it
charges, which takes moments."""


DEBIT_GRACE = timedelta(days=21)
"""So long a bank debit may be on its way: the slowest takes 14 business days (the processor's
documentation of SEPA Direct Debit)."""


TOLD_AFTER = timedelta(hours=2)
"""So long after a period's end a customer is told that its renewal isn't collected: by then one
that goes as it should was charged (the draft's hour) or is seen on its way."""


CARD_CHECKED_BEFORE = timedelta(days=10)
"""So long before a renewal its card is looked at: enough to replace one, and late enough that a
bank's new card is known already where the processor updates cards by itself."""


def is_expired_at(last_day: date, renewal_at: datetime) -> bool:
    """Return whether a card that is valid to *last_day* has expired at a renewal, in UTC.

    >>> is_expired_at(date(2027, 1, 31), datetime(2027, 1, 31, 23, tzinfo=UTC))
    False
    >>> is_expired_at(date(2027, 1, 31), datetime(2027, 2, 1, tzinfo=UTC))
    True
    """
    return renewal_at.astimezone(UTC).date() > last_day


class Collection(StrEnum):
    """How far the renewal of a plan got whose paid period may be over."""

    NOT_DUE = "not_due"
    COLLECTING = "collecting"
    OVERDUE = "overdue"


def collection_of(
    *,
    renews: bool,
    period_ends_at: datetime,
    invoice_is_open: bool,
    is_debit: bool = False,
    now: datetime,
) -> Collection:
    """Return how far the renewal of a plan got that isn't past due.

    Overdue: it was neither paid nor declined, and nothing that we see is going to collect it, or it
    is taking longer than it can (RENEWAL_GRACE; DEBIT_GRACE where *is_debit*, as a bank debit for
    it is on its way). A person looks into that.
    """
    if not renews or now < period_ends_at:
        return Collection.NOT_DUE
    patience = DEBIT_GRACE if is_debit else RENEWAL_GRACE if invoice_is_open else UNSEEN
    return Collection.COLLECTING if now < period_ends_at + patience else Collection.OVERDUE
