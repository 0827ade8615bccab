"""Withdrawals from a contract that come by email: the law asks for no form (docs/withdrawal.md).

What an email states unequivocally is taken up as on our pages, once its sender is proven: by the
link in our answer, or because they answered in a request whose sender followed one. A mail server's
word (DMARC) proves a domain and no mailbox, so it doesn't. What isn't clear is a person's.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages, mail, queue, rate_limiter
from jewelrymodel.infra.email_authentication import SenderProof, sender_proof
from jewelrymodel.infra.models import MailMessage
from jewelrymodel.payments import operations as paying
from jewelrymodel.payments.models import Order
from jewelrymodel.payments.number_series import order_label
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case, Withdrawal
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.case_states import start_clock
from jewelrymodel.support.operations.email_claims import subject_named
from jewelrymodel.support.operations.sender_confirmation import (
    CONFIRMATION_REQUEST,
    confirm_sender,
)
from jewelrymodel.support.operations.timeline import add_entry
from jewelrymodel.support.operations.unproven_requests import ANSWERED_ONCE_IN
from jewelrymodel.support.operations.withdrawal_credits import suspend_credits
from jewelrymodel.support.operations.withdrawals import (
    ALREADY,
    REFUND_WITHIN,
    hand_over,
    keep_statement,
    meant_order,
)
from jewelrymodel.support.rules.email_references import is_reply, order_numbers, read_tag
from jewelrymodel.support.rules.record_references import RecordReferences, references_in
from jewelrymodel.support.rules.withdrawal_statements import (
    StatementReading,
    statement_in,
    words_that_state,
)
from jewelrymodel.support.statuses import (
    INTAKE,
    CaseState,
    Channel,
    EntryKind,
    WithdrawalState,
)

_NUMBERS = 5  # that are kept of one email: as many as its column holds
UNPROVEN_PER_DAY = 100
"""How many of unproven senders, of all addresses, are taken up a day before they are proven."""
_UNDER_WAY = timedelta(days=5)
"""How long a mail may be under way (RFC 5321, 4.5.4.1): no Date before that is believed."""


def reading_of(email: mail.ParsedEmail) -> StatementReading:
    """Return what the email's own words say about withdrawing; a reply's subject is not its own."""
    subject = "" if is_reply(email.subject) else email.subject
    return statement_in(subject=subject, own_words=email.own_text)


def opened_as(opening: Opening, email: mail.ParsedEmail, mail_id: str, now: datetime) -> Opening:
    """Return what a first email opens: where it withdraws or may, the clock of a request that no
    proof of its sender holds up, of so many a day.
    """
    reading = reading_of(email)
    if reading is StatementReading.NONE:
        return opening
    is_taken_up = opening.is_taken_up or _may_take_up(now)
    if reading is StatementReading.UNCLEAR:
        return replace(opening, is_taken_up=is_taken_up)
    named = subject_named(own_references(email), address=email.address)
    return replace(
        opening,
        category=Category.WITHDRAWAL,
        subject=named or Subject(SubjectKind.ACCOUNT, ""),
        acknowledgement=_answer_to_stranger(email, mail_id),
        is_taken_up=is_taken_up,
    )


def note_first(case: Case, email: mail.ParsedEmail, mail_id: str, now: datetime) -> None:
    """Keep what the first email of a case states, until its sender is proven, or note that it may
    state it. In the caller's transaction.
    """
    reading = reading_of(email)
    if reading is StatementReading.STATED:
        _keep_unconfirmed(case, email, mail_id, now)
    elif reading is StatementReading.UNCLEAR:
        _note_unclear(case, _sent_at(email, mail_id), now)


def note_joined(case: Case, email: mail.ParsedEmail, mail_id: str, now: datetime) -> None:
    """Take up what an email states that joined a case; the clock of one that may state it runs.

    Where the case's sender is proven, it is a withdrawal of its own; else the case itself becomes
    one. In the caller's transaction, which has locked the case.
    """
    reading = reading_of(email)
    if reading is StatementReading.NONE:
        return
    is_stated = reading is StatementReading.STATED
    is_unsorted = case.category == Category.OTHER and case.assigned_to_id is None
    proof = _proof(mail_id)
    is_known = case.identity_level > 1 and proof is not SenderProof.FAILED
    earlier = Withdrawal.objects.filter(case=case).first()
    is_new = earlier is None or _contract(email) not in ("", earlier.contract)
    if is_stated and is_known and is_new:
        _open_known(case, email, mail_id, now, is_sure=proof is SenderProof.PASSED)
    elif earlier is not None:
        _note_again(case, now)
    elif is_stated and case.identity_level == 0 and is_unsorted and case.is_open:
        _turn_into_withdrawal(case, email, mail_id, now)
    else:
        _start_clock(case, now)
        _note_unclear(case, _sent_at(email, mail_id), now)


def confirm_without_withdrawing(*, token: str, now: datetime) -> Case:
    """Return the case whose sender followed our link and says that they don't mean to withdraw:
    what was read so is a person's to look at, and nothing is carried out.

    What is carried out already stays so. Raises signing.BadSignature.
    """
    with transaction.atomic():
        case = confirm_sender(token=token, now=now)
        rows = Withdrawal.objects.select_for_update().filter(case=case)
        row = rows.filter(state=WithdrawalState.UNCONFIRMED, name="").first()
        if row is not None:
            case.category = Category.OTHER
            case.save(update_fields=["category"])
            hand_over(case, row, queries.NOT_MEANT, now)
    return case


def _proof(mail_id: str) -> SenderProof:
    """What the sender's own domain says: the key alone proves nothing, for whoever was forwarded an
    email of ours has it.
    """
    raw = bytes(MailMessage.objects.values_list("raw", flat=True).get(pk=mail_id))
    return sender_proof(raw, server=settings.MAIL_IN_RESULTS_OF)


def _open_known(
    of: Case, email: mail.ParsedEmail, mail_id: str, now: datetime, *, is_sure: bool
) -> None:
    """Open the withdrawal that somebody states in a request of theirs. It is carried out at once
    where it names an order of theirs and their domain says that they sent it (*is_sure*); else it
    waits for the link, whose page asks whether it is meant.
    """
    contract, stated_at = _contract(email), _sent_at(email, mail_id)
    order, obstacle = None, ""
    if contract:
        order, obstacle = meant_order(
            account_id=of.account_id or "", email=of.email, contract=contract, stated_at=stated_at
        )
    if obstacle == ALREADY:
        words = "The customer withdraws again from a contract that they have withdrawn from before."
        add_entry(of, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)
    elif order is not None and is_sure:
        _open_sure(of, order, email, mail_id, now)
    elif _is_asked(of, contract, now):
        _note_again(of, now)
    else:
        with languages.speaking(accounts.language_of(account_id=of.account_id or "")):
            answer = _answer_to_stranger(email, mail_id)
        subject = Subject(SubjectKind.ACCOUNT, "")
        opening = Opening(None, of.email, 0, Channel.MAIL, Category.WITHDRAWAL, subject, "")
        case = _open_beside(of, opening, email, answer, now)
        _keep_unconfirmed(case, email, mail_id, now)


def _is_asked(of: Case, contract: str, now: datetime) -> bool:
    """Whether they were asked about the same within a day, and haven't answered yet."""
    rows = Withdrawal.objects.filter(state=WithdrawalState.UNCONFIRMED, name="", contract=contract)
    since = now - ANSWERED_ONCE_IN
    return rows.filter(email__iexact=of.email, case__opened_at__gt=since).exists()


def _open_sure(
    of: Case, order: Order, email: mail.ParsedEmail, mail_id: str, now: datetime
) -> None:
    stated_at = _sent_at(email, mail_id)
    with languages.speaking(accounts.language_of(account_id=of.account_id or "")):
        answer = _acknowledgement(order.label, stated_at, is_accepted=True)
    subject, level = Subject(SubjectKind.ORDER, order.pk), of.identity_level
    opening = Opening(
        of.account_id, of.email, level, Channel.MAIL, Category.WITHDRAWAL, subject, ""
    )
    case = _open_beside(of, opening, email, answer, now)
    row = _keep(case, _contract(email), email, stated_at)
    row.order, row.state = order, WithdrawalState.STATED
    row.save(update_fields=["order", "state"])
    paying.leave_withdrawn_plan(order_id=order.pk, now=now)
    suspend_credits(row, now)
    queue.defer("support.carry_out_withdrawal", case_id=case.pk)


def _open_beside(
    of: Case, opening: Opening, email: mail.ParsedEmail, answer: str, now: datetime
) -> Case:
    said = email.own_text
    written = replace(opening, explanation=said, acknowledgement=answer, is_taken_up=True)
    case = open_case(opening=written, now=now)
    words = f"Read from an email in {of.label}, where all of it stands."
    add_entry(case, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)
    words = f"This email withdraws from a contract: see {case.label}."
    add_entry(of, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)
    return case


def _turn_into_withdrawal(case: Case, email: mail.ParsedEmail, mail_id: str, now: datetime) -> None:
    case.category = Category.WITHDRAWAL
    case.save(update_fields=["category"])
    _start_clock(case, now)
    answer = _answer_to_stranger(email, mail_id)
    add_entry(case, EntryKind.MESSAGE_OUT, answer, author=CONFIRMATION_REQUEST, mail=True, now=now)
    _keep_unconfirmed(case, email, mail_id, now)


def _answer_to_stranger(email: mail.ParsedEmail, mail_id: str) -> str:
    """Nothing of the email's own words: nobody knows yet whose mailbox it goes to."""
    return _acknowledgement(_contract(email), _sent_at(email, mail_id))


def _keep_unconfirmed(case: Case, email: mail.ParsedEmail, mail_id: str, now: datetime) -> None:
    stated_at = _sent_at(email, mail_id)
    _keep(case, _contract(email), email, stated_at)
    words = (
        "This email withdraws from a contract. Once its sender follows the link in our reply, it "
        f"is carried out automatically. {_counts(stated_at)}"
    )
    add_entry(case, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)


def _keep(case: Case, contract: str, email: mail.ParsedEmail, stated_at: datetime) -> Withdrawal:
    return keep_statement(
        case, None, contract, "", email.own_text, WithdrawalState.UNCONFIRMED, stated_at
    )


def _note_unclear(case: Case, sent_at: datetime, now: datetime) -> None:
    words = (
        "This email may withdraw from a contract; please read it. If it does, set the category to "
        f"Withdrawal from contract. {_counts(sent_at)}"
    )
    add_entry(case, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)


def _note_again(case: Case, now: datetime) -> None:
    words = "The customer writes again about withdrawing. Please check which contract they mean."
    add_entry(case, EntryKind.EVENT, words, author=INTAKE, internal=True, now=now)


def _start_clock(case: Case, now: datetime) -> None:
    if case.state == CaseState.UNPROVEN and _may_take_up(now):
        start_clock(case, now)


def _may_take_up(now: datetime) -> bool:
    """Whether one more of somebody unproven may ask for an answer in time today; whoever writes in
    many names fills no queue. What is more waits for its sender, and has its note.
    """
    key = "unproven withdrawals by email"
    try:
        rate_limiter.count_or_refuse(key, limit=UNPROVEN_PER_DAY, window_s=86_400, now=now)
    except rate_limiter.TooOften:
        return False
    return True


def _counts(stated_at: datetime) -> str:
    due = formats.day((stated_at + REFUND_WITHIN).date())
    at = formats.moment(stated_at)
    return f"It counts from {at}; what the law gives has to be refunded by {due}."


def _acknowledgement(contract: str, sent_at: datetime, *, is_accepted: bool = False) -> str:
    context = {
        "contract": contract,
        "at": formats.moment(sent_at),
        "until": formats.day((sent_at + REFUND_WITHIN).date()),
        "is_accepted": is_accepted,
    }
    return render_to_string("support/withdrawal_by_email.txt", context).strip()


def own_references(email: mail.ParsedEmail) -> RecordReferences:
    """Return the order or receipt that the email's own words name; nothing of what is attached or
    quoted, and nothing where they name several.
    """
    contract = _contract(email)
    return references_in("" if queries.names_several(contract) else contract)


def _contract(email: mail.ParsedEmail) -> str:
    """What the email withdraws from, by the numbers of orders and receipts; may be empty.

    They are those of the sentence that states it, else of the writer's own words. A subject counts
    last, and a reply's never: it is of the email that it answers.
    """
    is_answer = is_reply(email.subject) or read_tag(email.subject) is not None
    subject = "" if is_answer else email.subject
    texts = (words_that_state(email.own_text), email.own_text, subject)
    return next(filter(None, map(_numbers, texts)), "")


def _numbers(text: str) -> str:
    orders = [order_label(one) for one in order_numbers(text)]
    receipts = [f"RCP-{one:06d}" for one in references_in(text).receipts]
    return ", ".join([*orders, *receipts][:_NUMBERS])


def _sent_at(email: mail.ParsedEmail, mail_id: str) -> datetime:
    """When the email was sent, which is what counts (article 11(2)): its Date, where it can be."""
    received_at = MailMessage.objects.values_list("received_at", flat=True).get(pk=mail_id)
    try:
        named = parsedate_to_datetime(email.headers.get("date", ""))
    except (ValueError, OverflowError):  # also of an offset of ages
        return received_at
    sent_at = named.replace(tzinfo=named.tzinfo or UTC)
    return sent_at if received_at - _UNDER_WAY <= sent_at <= received_at else received_at
