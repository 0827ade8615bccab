"""Withdrawing from a contract: stated, acknowledged at once, and carried out without a review.

What the law gives is decided by the machine from the order's record, whatever the amount. What the
machine can't decide is a request for a person; the machine declines nothing.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.template.loader import render_to_string

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.accounts.rights import Act
from jewelrymodel.infra import formats, queue
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import queries as books
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.queries import withdrawals
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.assessments import RequestFacts, Subject, SubjectKind
from jewelrymodel.remedies.queries import UnknownSubject
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.operations.case_decisions import SamePerson, attach_decision
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.case_states import reopen_closed
from jewelrymodel.support.operations.decision_email import decision_email
from jewelrymodel.support.operations.timeline import add_entry, locked
from jewelrymodel.support.operations.withdrawal_credits import release_credits, suspend_credits
from jewelrymodel.support.statuses import CaseState, Channel, EntryKind, WithdrawalState

WITHDRAWALS = Actor.system("withdrawal")
"""Who carries out what the law gives."""
REFUND_WITHIN = timedelta(days=14)
"""Directive 2011/83/EU, article 13(1); SI 2013/3134, regulation 34."""
_SIGNED_IN = 3
_NO_ORDER, ALREADY, _ANSWERED = "order_not_found", "already_withdrawn", "answered_by_a_person"
_NO_RIGHT, _UNNAMED = "no_right_to_withdraw", "order_not_named"
_SEVERAL, _AGAIN = "several_orders_named", "withdrawn_lately"
_OBSTACLES = (
    remedies.NotForAMachine,
    remedies.AlreadyRemedied,
    remedies.TermsNotAtHand,
    UnknownSubject,
    ProcessorRefused,
    SamePerson,
)
_WHY = {
    remedies.NotForAMachine.code: "our records alone don’t settle it; see the recommendation",
    remedies.AlreadyRemedied.code: "another decision about this order has resolved it",
    remedies.TermsNotAtHand.code: "the text of the policy that the order pinned isn’t at hand",
    ProcessorRefused.code: "the payment processor refuses to say how the payment stands",
    SamePerson.code: "it was declined before",
    _NO_ORDER: "the sender has no order with this number",
    ALREADY: "they have withdrawn from this contract before",
    _NO_RIGHT: "whoever sent it neither placed the order nor may buy for its account. Please ask "
    "its owner before you decide",
    _AGAIN: "the email names no order, and they have withdrawn within 14 days before. Please ask "
    "whether they mean the same contract or another one",
    UnknownSubject.code: "the order that it is about isn’t one of the sender’s account",
    _SEVERAL: "it names more than one order; please ask which of them they mean",
    _ANSWERED: "it was answered before it was carried out",
    _UNNAMED: "the email names no order, and there isn’t exactly one that they can withdraw from",
    queries.NOT_MEANT: "whoever wrote it says that they don’t mean to withdraw",
}
"""Why no machine carried it out, for whoever decides it."""

_DISPUTED = (
    "The payment is disputed at the customer’s bank, so nothing can be refunded now. This "
    "withdrawal waits for the end of the dispute and is then carried out automatically, or is "
    "yours to decide where the processor refunds nothing any more. Don’t decide it before."
)


class _CreditsMoved(CodedError):
    """A generation took credits of the order while its withdrawal was decided."""


class NothingToWithdraw(CodedError):
    """The days to withdraw from this order are over, or it has none. Nothing was done."""


@transaction.atomic
def state_withdrawal(
    *, account_id: str, order_id: str, name: str, email: str, now: datetime
) -> Withdrawal:
    """Return the withdrawal from an order of the account, acknowledged by email.

    A worker then carries it out; a plan renews no more from now on. Stated again, it is the same.
    Raises NothingToWithdraw and Order.DoesNotExist.
    """
    rows = Order.objects.select_for_update(of=("self",)).select_related(
        "product_version", "terms_edition", "subscription"
    )
    order = rows.get(account_id=account_id, pk=order_id)
    known = Withdrawal.objects.filter(order=order).first()
    if known is not None:
        return known
    charges = payments.charges_of_order(order_id=order.pk)
    if withdrawals.open_until(order, charges, now=now) is None:
        raise NothingToWithdraw
    statement = statement_text(contract=order.label, name=name, email=email)
    case = open_case(
        opening=Opening(
            account_id=account_id,
            email=email,
            identity_level=_SIGNED_IN,
            channel=Channel.FORM,
            category=Category.WITHDRAWAL,
            subject=Subject(SubjectKind.ORDER, order.pk),
            explanation=statement,
            acknowledgement=_acknowledgement(statement, now, is_confirmed=True),
        ),
        now=now,
    )
    row = keep_statement(case, order, order.label, name, statement, WithdrawalState.STATED)
    paying.leave_withdrawn_plan(order_id=order.pk, now=now)
    suspend_credits(row, now)
    queue.defer("support.carry_out_withdrawal", case_id=case.pk)
    return row


@transaction.atomic
def claim_withdrawal(*, contract: str, name: str, email: str, now: datetime) -> Withdrawal:
    """Return what somebody stated who hasn't signed in, acknowledged by email to *email*.

    It is carried out once they follow the link in that email, and counts from now. Whether there is
    such an order, or an account, is looked up only then.
    """
    statement = statement_text(contract=contract, name=name, email=email)
    case = open_case(
        opening=Opening(
            account_id=None,
            email=email.lower(),
            identity_level=0,
            channel=Channel.FORM,
            category=Category.WITHDRAWAL,
            subject=Subject(SubjectKind.ACCOUNT, ""),
            explanation=statement,
            acknowledgement=_acknowledgement(statement, now, is_confirmed=False),
        ),
        now=now,
    )
    return keep_statement(case, None, contract, name, statement, WithdrawalState.UNCONFIRMED)


def carry_out_withdrawal(*, case_id: str, now: datetime) -> Withdrawal:
    """Return the withdrawal after it was decided, or left to a person; again, it changes nothing.

    It waits while a generation holds credits of the order, while a bank is to decide about its
    money, and while nobody proved who stated it. Raises ProcessorDown; then it is tried again.
    """
    with transaction.atomic():
        case = locked(case_id)
        row = Withdrawal.objects.select_for_update().get(case=case)
        if row.state == WithdrawalState.UNCONFIRMED and case.identity_level > 1:
            _take_up(case, row, now)
        if row.state != WithdrawalState.STATED:
            return row
        if not case.is_open:
            hand_over(case, row, _ANSWERED, now)
        elif withdrawals.is_disputed(row.order_id or ""):
            _note_once(case, _DISPUTED, now)
        elif not books.is_held(case.account_id or "", row.order_id or ""):
            _decide(case, row, now)
    return row


def statement_text(*, contract: str, name: str, email: str) -> str:
    """Return the statement as its writer confirms it, in their language."""
    context = {"contract": contract, "name": name, "email": email}
    return render_to_string("support/withdrawal_statement.txt", context).strip()


def _acknowledgement(statement: str, now: datetime, *, is_confirmed: bool) -> str:
    context = {
        "statement": statement,
        "at": formats.moment(now),
        "until": formats.day((now + REFUND_WITHIN).date()),
        "is_confirmed": is_confirmed,
    }
    return render_to_string("support/withdrawal_acknowledgement.txt", context).strip()


def keep_statement(
    case: Case,
    order: Order | None,
    contract: str,
    name: str,
    statement: str,
    state: WithdrawalState,
    stated_at: datetime | None = None,
) -> Withdrawal:
    """Return what was stated, kept; where no instant is said, as the case was opened."""
    return Withdrawal.objects.create(
        id=new_id("wdr", now=case.opened_at),
        case=case,
        order=order,
        contract=contract,
        name=name,
        email=case.email,
        statement=statement,
        stated_at=stated_at or case.opened_at,
        state=state,
    )


def _take_up(case: Case, row: Withdrawal, now: datetime) -> None:
    """Find the order that was meant among those of whoever proved that they wrote."""
    is_about_order = case.subject_kind == SubjectKind.ORDER
    order, obstacle = meant_order(
        account_id=case.account_id or "",
        email=case.email,
        contract=row.contract,
        stated_at=row.stated_at,
        order_id=case.subject_id if is_about_order else "",
    )
    if order is None:
        hand_over(case, row, obstacle, now)
        return
    case.subject_kind, case.subject_id = SubjectKind.ORDER, order.pk
    case.save(update_fields=["subject_kind", "subject_id"])
    row.order, row.state = order, WithdrawalState.STATED
    row.save(update_fields=["order", "state"])
    paying.leave_withdrawn_plan(order_id=order.pk, now=now)
    suspend_credits(row, now)


def meant_order(
    *, account_id: str, email: str, contract: str, stated_at: datetime, order_id: str = ""
) -> tuple[Order | None, str]:
    """Return the order that a proven sender withdraws from, its row held, and "", or else None and
    why it is a person's.

    Where they named none (*contract* is empty), it is the one that their request is about
    (*order_id*), else the only one from which they can withdraw: not where they have withdrawn
    lately, for they may mean that again. It is an order of their account, whoever bought it.
    """
    lately = stated_at - REFUND_WITHIN
    if contract:
        order_id = queries.order_of_contract(account_id=account_id, contract=contract)
    elif not order_id:
        if queries.has_withdrawn_lately(account_id=account_id, since=lately):
            return None, _AGAIN
        order_id = _only_order(account_id, email, stated_at)
        if not order_id:
            return None, _UNNAMED
    # its row is held: nobody states the same meanwhile
    rows = Order.objects.select_for_update(of=("self",))
    order = rows.filter(pk=order_id, account_id=account_id).first()
    if order is None:
        return None, _SEVERAL if queries.names_several(contract) else _NO_ORDER
    if not may_withdraw(email, order):
        return None, _NO_RIGHT
    if Withdrawal.objects.filter(order=order).exists():
        return None, ALREADY
    return order, ""


def _only_order(account_id: str, email: str, at: datetime) -> str:
    rows = withdrawals.open_orders(account_id=account_id, at=at)
    known = Withdrawal.objects.filter(order__in=rows).values_list("order_id", flat=True)
    theirs = [one.pk for one in rows if one.pk not in known and may_withdraw(email, one)]
    return theirs[0] if len(theirs) == 1 else ""


def may_withdraw(email: str, order: Order) -> bool:
    """Return whether they may: whoever bought it, and whoever may do so on the order's page."""
    is_buyer = order.buyer_email.lower() == email.lower()
    return is_buyer or accounts.may_act(email=email, account_id=order.account_id, act=Act.BILLING)


def _decide(case: Case, row: Withdrawal, now: datetime) -> None:
    request = queries.request_facts(case)
    if request is None:
        hand_over(case, row, _NO_ORDER, now)
        return
    try:
        _decide_and_suspend(case, row, request, now)
    except _CreditsMoved:
        return  # it is decided anew, with what they were used for
    except _OBSTACLES as obstacle:
        hand_over(case, row, obstacle.code, now)
        return
    row.state, row.settled_at = WithdrawalState.DECIDED, now
    row.save(update_fields=["state", "settled_at"])
    release_credits(row, now)  # the refund that began suspends what it concerns
    _note_later_periods(case, row, now)


@transaction.atomic
def _decide_and_suspend(case: Case, row: Withdrawal, request: RequestFacts, now: datetime) -> None:
    """Decide and begin the refund, which suspends the credits, in one moment: nobody uses what is
    refunded. Raises _CreditsMoved where a generation took some while it was decided.
    """
    before = books.purchase(case.account_id or "", row.order_id or "", now)
    decision = remedies.decide_by_machine(request=request, actor=WITHDRAWALS, now=now)
    attach_decision(
        case_id=case.pk, decision=decision, text=decision_email(decision, case), now=now
    )
    remedies.carry_out(decision_id=decision.pk, now=now)
    after = books.purchase(case.account_id or "", row.order_id or "", now)
    if (after.used, after.held) != (before.used, 0):
        raise _CreditsMoved


def hand_over(case: Case, row: Withdrawal, obstacle: str, now: datetime) -> None:
    """Leave it to a person, who finds why beside the recommendation. What was closed meanwhile is
    open again: money may be owed.
    """
    row.state, row.obstacle, row.settled_at = WithdrawalState.PERSON, obstacle, now
    row.save(update_fields=["state", "obstacle", "settled_at"])
    if case.state == CaseState.CLOSED:
        reopen_closed(case, now)
    due = formats.day((row.stated_at + REFUND_WITHIN).date())
    words = (
        f"This withdrawal wasn’t carried out automatically: {_WHY[obstacle]}. Please decide it. "
        f"What the law gives has to be refunded by {due}."
    )
    add_entry(case, EntryKind.EVENT, words, author=WITHDRAWALS, internal=True, now=now)
    _note_later_periods(case, row, now)


def _note_once(case: Case, words: str, now: datetime) -> None:
    if not case.entries.filter(author=str(WITHDRAWALS), text=words).exists():
        add_entry(case, EntryKind.EVENT, words, author=WITHDRAWALS, internal=True, now=now)


def _note_later_periods(case: Case, row: Withdrawal, now: datetime) -> None:
    """Name the charges since, of which nothing is computed: a renewal gives no right of its own,
    and from the difference to a larger plan its buyer withdraws by another statement.
    """
    later = withdrawals.later_periods(row.order) if row.order else []
    renewals = ", ".join(one.label for one in later if not one.is_change)
    changes = ", ".join(one.label for one in later if one.is_change)
    if renewals:
        words = (
            f"This plan was charged again since: {renewals}. The withdrawal refunds none of it by "
            "itself. Please check whether these charges have to be refunded, too."
        )
        add_entry(case, EntryKind.EVENT, words, author=WITHDRAWALS, internal=True, now=now)
    if changes:
        words = (
            f"They also paid the difference to a larger plan with {changes}. The withdrawal "
            "refunds none of it by itself, and while that money is kept, the plan runs until its "
            "paid period ends and isn’t renewed. Please ask whether they withdraw from that "
            "purchase, too: it can be withdrawn from on its own."
        )
        add_entry(case, EntryKind.EVENT, words, author=WITHDRAWALS, internal=True, now=now)
