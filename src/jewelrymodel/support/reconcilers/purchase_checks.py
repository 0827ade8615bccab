"""Checks of what was bought: twice, in two plans, or with a card that its bank suspects."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.reconcilers.findings import WATCHED, Finding, money, of_order

MOST_NAMED = 10


def charged_twice(now: datetime) -> Iterable[Finding]:
    """Yield orders whose money was taken twice, and purchases that look like repeats (6.1)."""
    for order in payments.charged_more_than_once():
        words = format_lazy(_("{order} was charged more than once."), order=order.label)
        yield of_order(order, Category.DUPLICATE, words)
    for first, repeat, *more in _bursts(payments.same_purchases(since=now - WATCHED)):
        words = format_lazy(
            _("{later} was placed minutes after {earlier} for the same product."),
            later=repeat.label,
            earlier=first.label,
        )
        if more:
            words = format_lazy(
                _("{count} orders for the same product were placed within minutes: {orders}."),
                count=len(more) + 2,
                orders=", ".join(one.label for one in (first, repeat, *more)[:MOST_NAMED]),
            )
        yield of_order(repeat, Category.DUPLICATE, words)


def _bursts(pairs: Iterable[tuple[Order, Order]]) -> list[list[Order]]:
    """Purchases of one product that follow each other, oldest first: they are one question."""
    bursts = dict[str, list[Order]]()  # by the last order of each
    for earlier, later in pairs:
        burst = bursts.pop(earlier.pk, [earlier])
        bursts[later.pk] = [*burst, later]
    return list(bursts.values())


def two_plans(now: datetime) -> Iterable[Finding]:
    """Yield accounts of which two plans renew: two tabs, both paid.

    The second may be the upgrade that was wanted, so nobody ends one
    unasked; where it looks like a repeat of the first, that has its own check.
    """
    repeats = {later.pk for _, later in payments.same_purchases(since=now - WATCHED)}
    words = _(
        "You have two subscriptions that both renew: {older} (order {earlier}) and {younger} "
        "(order {later}). Please reply and tell us which one to keep, or cancel one under Billing; "
        "our team will then look at what you paid for the other."
    )
    for older, younger in payments.plans_renewing_together():
        earlier, later = payments.first_order(older), payments.first_order(younger)
        if earlier is None or later is None or later.pk in repeats:
            continue
        yield of_order(
            later,
            Category.DUPLICATE,
            format_lazy(
                words,
                older=older.product_version.name,
                younger=younger.product_version.name,
                earlier=earlier.label,
                later=later.label,
            ),
        )


def suspected_fraud(now: datetime) -> Iterable[Finding]:
    """Yield charges that the bank of their card warned of, while a refund prevents the dispute.

    Only a person refunds it: the customer may be who they say, and their bank wrong. They read that
    we look at it; what the bank says is for staff.
    """
    words = _("Our team is checking the payment of {amount} for {order}.")
    for warning, charge in paying.list_warned(since=now - WATCHED):
        kind = warning.kind.replace("_", " ")
        yield Finding(
            charge.account_id,
            charge.order.buyer_email,
            Category.OTHER,
            Subject(SubjectKind.ACCOUNT, warning.id),
            format_lazy(
                words,
                amount=money(charge.kept_minor, charge.currency),
                order=charge.order.label,
            ),
            note=(
                f"Early fraud warning of the card’s bank: {kind}. Recommended: refund the charge "
                f"of {charge.order.label} in full now, unless the customer confirms it. Once it is "
                "disputed it costs a fee, and counts against us whoever wins."
            ),
        )
