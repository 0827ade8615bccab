"""What a person does with a held order: a decision of its case delivers or refunds it."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog import terms
from jewelrymodel.infra import formats, languages
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import queries as payments_queries
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.payments.statuses import OrderState
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies import queries as remedies
from jewelrymodel.remedies.assessments import Chosen
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, ConfirmedDecision
from jewelrymodel.support.operations.case_closing import close
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.decision_confirmation import confirm_decision
from jewelrymodel.support.operations.timeline import add_entry
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import REFUNDED, Channel, EntryKind, ReviewAct

CHECK = "paid_not_granted"
"""The check that finds what was paid, and whose case a person decides."""


class DecisionUnderWay(CodedError):
    """A colleague has decided about this order, and that is being carried out. Nothing was done."""


@transaction.atomic
def open_review(*, opening: Opening, now: datetime) -> Case:
    """Return the case of a payment that a person reviews; its customer is emailed what happened.

    They have paid, or may have, and got nothing: they read that their money isn't lost, and when
    they hear from us. Called again, it emails nobody.
    """
    case = open_case(opening=opening, now=now)
    if not case.entries.filter(kind=EntryKind.MESSAGE_OUT).exists():
        author = Actor.system("reconcilers")
        text = _review_notice(case, Order.objects.get(pk=opening.subject.id))
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=author, mail=True, now=now)
    return case


@transaction.atomic
def open_question(*, opening: Opening, asks: bool, note: str, now: datetime) -> Case:
    """Return the case of something that the policy doesn't settle.

    With *asks* only its customer can answer it, and they are emailed what it is about; the *note*
    is for staff alone. Called again, it adds nothing.
    """
    case = open_case(opening=opening, now=now)
    author = Actor.system("reconcilers")
    if asks and not case.entries.filter(kind=EntryKind.MESSAGE_OUT).exists():
        with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
            text = str(opening.explanation)
        add_entry(case, EntryKind.MESSAGE_OUT, text, author=author, mail=True, now=now)
    if note and not case.entries.filter(internal=True).exists():
        add_entry(case, EntryKind.NOTE, note, author=author, internal=True, now=now)
    return case


@transaction.atomic
def notify_refunded(*, order_id: str, now: datetime) -> bool:
    """Tell a customer that all they paid for a held order went back to them, which somebody did at
    the processor; return whether that is new.

    Once, but again of a refund that was made after it was told, as where an earlier one failed. The
    order still waits for its person, who closes it: only they know why.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
    charges = payments_queries.charges_of_order(order_id=order.pk)
    if order.state != OrderState.REQUIRES_REVIEW or any(
        one.kept_minor or one.lost_minor for one in charges
    ):
        return False
    case = _case_of(order, now)
    told = case.entries.filter(author=str(REFUNDED)).order_by("created_at").last()
    if (
        told
        and not Refund.objects.filter(charge__order=order, created_at__gt=told.created_at).exists()
    ):
        return False
    back = [formats.money(one.refunded_minor, one.currency) for one in charges]
    with languages.speaking(accounts.language_of(account_id=order.account_id)):
        text = _(
            "We refunded your payment of %(amount)s for order %(order)s, and nothing was added to "
            "your account. It may take a few days to appear."
        ) % {"amount": " + ".join(back), "order": order.label}
    add_entry(case, EntryKind.MESSAGE_OUT, text, author=REFUNDED, mail=True, now=now)
    return True


def confirm_order(
    *,
    order_id: str,
    act: ReviewAct,
    signature: str,
    reason: str,
    user_id: int,
    now: datetime,
    machine_clock: Callable[[], datetime],
) -> ConfirmedDecision:
    """Return what was confirmed: to deliver or to refund a held order, once it can't be undone.

    It is the decision of the order's open case: the customer's own where they have one, else the
    one that we opened ourselves. Two people make one decision. Raises NotHeld, DecisionUnderWay,
    TermsNotAtHand, and what ``confirm_decision`` raises.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(of=("self",)).get(pk=order_id)
        if order.state != OrderState.REQUIRES_REVIEW:
            raise payments.NotHeld
        subject = queries.order_subject(order)
        if remedies.is_under_way(account_id=order.account_id, subject=subject):
            raise DecisionUnderWay
        try:
            case = _case_of(order, now)
        except terms.UNREADABLE as problem:  # it is due by what the edition in force says
            raise deciding.TermsNotAtHand from problem
        return confirm_decision(
            case_id=case.pk,
            signature=signature,
            remedies_chosen=[_chosen(case, act, now)],
            reason=reason,
            user_id=user_id,
            now=now,
            machine_clock=machine_clock,
        )


def close_order(*, order_id: str, reason: str, user_id: int, now: datetime) -> Order:
    """Return a held order, closed because nothing of its money is kept, with our own case of it.

    Its customer, who was emailed that we review the payment, is emailed the reason.
    A customer's request about it stays open: they are owed an answer. Raises OwnAccount, and what
    ``payments.close_held`` raises.
    """
    with transaction.atomic():
        account_id = Order.objects.values_list("account_id", flat=True).get(pk=order_id)
        accounts.refuse_own_account(user_id=user_id, account_id=account_id)
        order = payments.close_held(
            order_id=order_id, actor=Actor.user(user_id), reason=reason, now=now
        )
        for case in _open_cases(order):
            if case.channel == Channel.MACHINE:
                close(case_id=case.pk, reason=reason, user_id=user_id, now=now)
    return order


def _review_notice(case: Case, order: Order) -> str:
    charges = payments_queries.charges_of_order(order_id=order.pk)
    paid = [formats.money(one.paid_minor, one.currency) for one in charges]
    with languages.speaking(accounts.language_of(account_id=order.account_id)):
        context = {
            "order": order,
            "paid": " + ".join(paid),
            "total": formats.money(order.total_minor, order.currency),
            "due": formats.deadline(case.due_at, business_days.ZONE),
        }
        return render_to_string("support/payment_in_review.txt", context).strip()


def _chosen(case: Case, act: ReviewAct, now: datetime) -> Chosen:
    if act is ReviewAct.DELIVER:
        return Chosen(RemedyKind.ACCESS_CORRECTION)
    request = queries.request_facts(case)
    facts = deciding.assess(request=request, now=now).decision.facts if request else {}
    left = int(facts["charge.refundable_minor"].value) if "charge.refundable_minor" in facts else 0
    if not left:
        raise payments.RefundTooLarge
    currency = str(facts["charge.currency"].value)
    return Chosen(RemedyKind.FULL_REFUND, amount_minor=left, currency=currency)


def _case_of(order: Order, now: datetime) -> Case:
    for case in _open_cases(order):
        return case
    subject = queries.order_subject(order)
    earlier = queries.checked(check_name=CHECK, subject=subject)
    key = f"{subject.kind}:{subject.id}"
    return open_case(
        opening=Opening(
            account_id=order.account_id,
            email=order.buyer_email,
            identity_level=queries.OURS,
            channel=Channel.MACHINE,
            category=Category.UNDELIVERED,
            subject=subject,
            explanation=format_lazy(_("Our team reviewed {order}."), order=order.label),
            check=(CHECK, f"{key}#{earlier + 1}" if earlier else key),
        ),
        now=now,
    )


def _open_cases(order: Order) -> list[Case]:
    """The order's open cases, a customer's before our own."""
    cases = queries.open_about(account_id=order.account_id, subject=queries.order_subject(order))
    return sorted(cases, key=lambda case: case.channel == Channel.MACHINE)
