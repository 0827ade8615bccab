"""A broken promise that was found, and the check that finds it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.functional import Promise, lazy

from jewelrymodel.infra import formats
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.categories import Category

WATCHED = timedelta(days=30)
money = lazy(formats.money, str)
"""As the reader of a case writes it, who is known when it is opened."""


@dataclass(frozen=True)
class Finding:
    """One broken promise: whose, about what, and what we write into its case.

    The customer reads its *words*; the *note* is for staff only. What befalls the same thing in
    another *stage* is another loss, with a case of its own.
    """

    account_id: str
    email: str
    category: Category
    subject: Subject
    words: Promise
    note: str = ""
    stage: str = ""

    @property
    def key(self) -> str:
        """What the finding is about."""
        key = f"{self.subject.kind}:{self.subject.id}"
        return f"{key}:{self.stage}" if self.stage else key


@dataclass(frozen=True)
class Check:
    """A promise that is watched: its clause, in words, and how what breaks it is found.

    *asks*: only the customer knows what is right, so they are emailed what was found.
    """

    name: str
    clause: str
    promise: str
    find: Callable[[datetime], Iterable[Finding]]
    every: timedelta = timedelta()
    asks: bool = False


def of_order(order: Order, category: Category, words: Promise) -> Finding:
    """Return the finding about an order, whose buyer it concerns."""
    subject = Subject(SubjectKind.ORDER, order.pk)
    return Finding(order.account_id, order.buyer_email, category, subject, words)
