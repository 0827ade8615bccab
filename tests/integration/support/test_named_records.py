"""What an email names is looked up wherever it stands: subject, words, replies, attachments."""

from email.message import EmailMessage

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.payments.adapters.receipt_pdf import render_receipt
from jewelrymodel.payments.models import Charge, Order, Receipt
from jewelrymodel.support import queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.statuses import MailOutcome
from tests.support.inbound_email import arrive, letter, newest
from tests.support.shop import Sandbox, settle, start

pytestmark = pytest.mark.django_db
ASKED = "the number of the order"


@pytest.fixture
def order(sandbox: Sandbox, seller: Membership) -> Order:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    return settle(checkout.order)


def opened(message: EmailMessage) -> Case:
    assert arrive(message) is MailOutcome.OPENED
    return newest()


def was_asked(case: Case) -> bool:
    return ASKED in queries.entries(case_id=case.pk, internal=False)[1].text


def subject_of(case: Case) -> tuple[str, str]:
    return case.subject_kind, case.subject_id


def test_payments_and_receipts_lead_to_their_order(order: Order, seller: Membership) -> None:
    charge, receipt = Charge.objects.get(order=order), Receipt.objects.get(order=order)
    ids = (charge.processor_charge_id, charge.processor_intent_id, order.session_id, receipt.label)
    for named in ids:
        case = opened(letter(seller.user.email, "Help", f"My statement says {named}, twice."))
        assert subject_of(case) == ("order", order.pk), named
        assert not was_asked(case)
        Case.objects.filter(pk=case.pk).update(identity_level=2, state="open", paused_at=None)


def test_a_receipt_that_is_attached_is_read(order: Order, seller: Membership) -> None:
    """R3 and R8: of mails that named their order in an attachment all were asked for it."""
    message = letter(seller.user.email, "Help", "The receipt is attached, the credits never came.")
    pdf = render_receipt(Receipt.objects.get(order=order))
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="receipt.pdf")
    case = opened(message)
    assert (subject_of(case), was_asked(case)) == (("order", order.pk), False)


def test_an_email_that_is_attached_and_a_banks_list_are_read(
    order: Order, seller: Membership
) -> None:
    inner = letter("shop@else.example", "Your receipt", f"Order {order.label}, 39.00 USD")
    message = letter(seller.user.email, "Help", "Your own email is attached; nothing came.")
    message.add_attachment(inner)
    case = opened(message)
    assert (subject_of(case), was_asked(case)) == (("order", order.pk), False)
    Case.objects.filter(pk=case.pk).update(identity_level=2, state="open", paused_at=None)
    charge = Charge.objects.get(order=order).processor_charge_id
    message = letter(seller.user.email, "Help", "Lines two and three are the same payment.")
    table = f"date,id\n2026-11-02,{charge}\n".encode()
    message.add_attachment(table, maintype="text", subtype="csv", filename="statement.csv")
    case = opened(message)
    assert (subject_of(case), was_asked(case)) == (("order", order.pk), False)


def test_what_a_reply_names_is_what_the_case_is_about(order: Order, seller: Membership) -> None:
    """R8: replies weren't read at all."""
    case = opened(letter(seller.user.email, "Help", "It never came"))
    assert was_asked(case)
    assert arrive(letter(seller.user.email, "More", f"It was {order.label}")) is (
        MailOutcome.THREADED
    )
    case.refresh_from_db()
    assert subject_of(case) == ("order", order.pk)
    events = [one.text for one in queries.entries(case_id=case.pk, internal=True)]
    assert f"The customer named order:{order.pk}." in events


def test_nobody_names_anothers_order(order: Order) -> None:
    case = opened(letter("thief@else.example", "Help", f"Refund {order.label} to my card"))
    assert subject_of(case) == ("account", "")


def test_a_file_that_is_no_pdf_inside_says_nothing(seller: Membership) -> None:
    message = letter(seller.user.email, "Help", "It is attached.")
    broken = b"%PDF-1.7\nnothing that could be read"
    message.add_attachment(broken, maintype="application", subtype="pdf", filename="receipt.pdf")
    case = opened(message)
    assert (subject_of(case), was_asked(case)) == (("account", ""), True)
