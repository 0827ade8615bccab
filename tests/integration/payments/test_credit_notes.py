"""Credit notes: each refund that went has one of an unbroken series, whoever made it."""

import argparse
import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.config.commands import payments as command
from jewelrymodel.config.commands import tax_documents
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations, queries, tasks
from jewelrymodel.payments.adapters.credit_note_pdf import render_credit_note
from jewelrymodel.payments.models import Charge, CreditNote, Receipt, Refund
from jewelrymodel.payments.statuses import PayoutWay, RefundState
from tests.support.held_orders import held
from tests.support.pdf import pdf_text
from tests.support.refunds import follow, intend
from tests.support.shop import (
    CARD,
    GOOD,
    Sandbox,
    at_the_desk,
    charge_again,
    now,
    register,
    settle,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def taxed(sandbox: Sandbox, seller: Membership, settings: Settings) -> Charge:
    """The case for 39.00 and 7.41 of tax on it."""
    settings.AUTOMATIC_TAX = "exclusive"
    checkout = start(seller)
    sandbox.http.post(checkout.url, data={**CARD, "number": GOOD})
    settle(checkout.order)
    return Charge.objects.get()


def issue(refund: Refund) -> CreditNote | None:
    return operations.issue_credit_note(refund_id=refund.pk, now=now())


def refunded(charge: Charge, amount: int, why: str = "dec_1") -> CreditNote:
    note = issue(follow(intend(charge, amount, why=why, lot=False)))
    assert note is not None
    return note


def numbers() -> list[int]:
    return list(CreditNote.objects.order_by("number").values_list("number", flat=True))


def test_parts_take_back_the_tax_by_the_invoices_lines_and_the_last_the_rest(
    taxed: Charge,
) -> None:
    notes = [refunded(taxed, one, f"dec_{one}") for one in (1000, 1001, 2640)]
    assert [one.tax_minor for one in notes] == [159, 160, 422]
    assert sum(one.tax_minor for one in notes) == Receipt.objects.get().tax_minor == 741
    assert sum(one.total_minor for one in notes) == taxed.paid_minor == 4641
    assert numbers() == [1, 2, 3]
    (line,) = notes[0].tax_lines
    assert (line.percent, line.tax_minor, line.taxable_minor) == ("19", 159, 841)


def test_it_says_what_of_which_invoice_and_why(taxed: Charge) -> None:
    note = refunded(taxed, 1000)
    text = pdf_text(render_credit_note(note))
    for words in (
        "Credit note",
        "CN-000001",
        "RCP-000001",
        "VAT 19%, Germany",
        "$1.59",
        "$10.00",
        "Clause 6.1 of our refund policy",
    ):
        assert words in text
    assert render_credit_note(note) == render_credit_note(note)


def test_again_and_after_a_crash_it_is_one(taxed: Charge, monkeypatch: pytest.MonkeyPatch) -> None:
    refund = follow(intend(taxed, 1000, lot=False))
    with monkeypatch.context() as patched:
        patched.setattr(CreditNote.objects, "create", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            issue(refund)
    assert not numbers()
    assert issue(refund) == issue(refund)
    tasks.issue_credit_note(subject_id=refund.pk)
    assert numbers() == [1]


def test_a_refund_that_comes_back_voids_it_by_a_new_one_and_one_made_anew_has_its_own(
    sandbox: Sandbox, taxed: Charge
) -> None:
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=60)
    refund = follow(intend(taxed, 4641, lot=False))
    first = issue(refund)
    sandbox.panel("clock", offset_s=120)
    refund = operations.follow_refund(refund_id=refund.pk, now=now())
    assert refund.state == RefundState.FAILED
    void = issue(refund)
    assert first is not None
    assert void is not None
    assert (void.voids, void.total_minor, void.number) == (first, 4641, 2)
    assert issue(refund) is None, "nothing of it stands"
    assert "Cancellation of credit note CN-000001" in pdf_text(render_credit_note(void))
    again = refunded(taxed, 4641, "dec_2")
    assert (again.tax_minor, numbers()) == (741, [1, 2, 3])


def test_one_made_at_the_processors_dashboard_is_linked_in_its_mail(
    sandbox: Sandbox, taxed: Charge
) -> None:
    sandbox.panel(f"charges/{taxed.processor_charge_id}/refund", amount=1000)
    (refund,) = operations.adopt_refunds(charge_id=taxed.pk, now=now())
    tasks.tell_refunded(subject_id=refund.pk)
    note = CreditNote.objects.get()
    assert note.reason == "Refunded by our team through the payment processor"
    assert "Credit note CN-000001: http://" in mail.outbox[-1].body
    assert f"/billing/credit-notes/{note.pk}.pdf" in mail.outbox[-1].body


def test_a_note_that_the_database_refuses_keeps_no_mail(
    sandbox: Sandbox, taxed: Charge, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.panel(f"charges/{taxed.processor_charge_id}/refund", amount=1000)
    (refund,) = operations.adopt_refunds(charge_id=taxed.pk, now=now())

    def refuse(**_fields: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(CreditNote.objects, "create", refuse)
    before = len(mail.outbox)
    tasks.tell_refunded(subject_id=refund.pk)
    assert len(mail.outbox) == before + 1
    assert "Credit note" not in mail.outbox[-1].body
    with pytest.raises(IntegrityError):
        tasks.issue_credit_note(subject_id=refund.pk)


def test_one_by_bank_transfer_has_one_once_it_was_sent(sandbox: Sandbox, taxed: Charge) -> None:
    sandbox.panel("faults", refuse_refunds="charge_not_refundable")
    follow(intend(taxed, 500, why="dec_0", lot=False))
    sandbox.panel("faults", refuse_refunds="")
    colleague = at_the_desk().session["_auth_user_id"]
    operations.choose_payout(
        charge_id=taxed.pk,
        way=PayoutWay.TRANSFER,
        reason="It failed.",
        user_id=int(colleague),
        now=now(),
    )
    refund = intend(taxed, 500, lot=False)
    assert issue(refund) is None
    sent = operations.record_transfer(
        refund_id=refund.pk,
        amount_minor=500,
        reference="WIRE-1",
        sent_on=now().date(),
        user_id=int(colleague),
        now=now(),
    )
    assert issue(sent) is not None
    back = operations.return_transfer(
        refund_id=refund.pk, reason="It came back.", user_id=int(colleague), now=now()
    )
    assert [one.is_void for one in (issue(back), CreditNote.objects.first()) if one] == [
        True,
        False,
    ]


def test_a_second_charge_and_what_was_never_invoiced_have_none(
    sandbox: Sandbox, seller: Membership, charge: Charge
) -> None:
    charge_again(sandbox, charge.order)
    second = Charge.objects.exclude(pk=charge.pk).get()
    assert issue(follow(intend(second, lot=False))) is None
    order = held(sandbox, register("held@rings.example"))
    waiting = Charge.objects.get(order=order)
    assert issue(follow(intend(waiting, 100, lot=False))) is None
    assert not numbers()


def test_what_went_back_before_the_invoice_is_taken_back_with_it(
    sandbox: Sandbox, seller: Membership
) -> None:
    order = held(sandbox, seller)
    follow(intend(Charge.objects.get(), 780, lot=False))
    operations.deliver_held(
        order_id=order.pk, actor=Actor.user(7), reason="It is right.", now=now()
    )
    assert queries.refunds_without_credit_note() == [Refund.objects.get().pk]
    (note,) = operations.issue_missing_credit_notes(now=now())
    assert (note.total_minor, note.tax_minor) == (780, 130)


def test_refunds_of_before_have_them_on_demand(
    taxed: Charge, capsys: pytest.CaptureFixture[str]
) -> None:
    for amount in (500, 600):
        follow(intend(taxed, amount, why=f"dec_{amount}", lot=False))
    assert command.run(argparse.Namespace(what="credit-notes")) == 0
    assert "2 issued." in capsys.readouterr().out
    assert command.run(argparse.Namespace(what="credit-notes")) == 0
    assert numbers() == [1, 2]


def copy_of(note: CreditNote, **changes: object) -> Callable[[], object]:
    fields = {one.attname: getattr(note, one.attname) for one in CreditNote._meta.concrete_fields}
    return lambda: CreditNote.objects.create(**{**fields, "id": "crn_other", **changes})


def test_the_database_refuses_gaps_twins_changes_and_more_than_the_invoice(
    taxed: Charge,
) -> None:
    note = refunded(taxed, 4000)
    other = follow(intend(taxed, 600, why="dec_2", lot=False))
    fits = {"number": 2, "refund_id": other.pk, "subtotal_minor": 504, "tax_minor": 96}
    fits |= {"total_minor": 600, "tax": {}}
    refused = (
        copy_of(note),
        copy_of(note, **fits | {"number": 1}),
        copy_of(note, **fits | {"number": 3}),
        copy_of(note, number=2),  # a second one of the same refund
        copy_of(note, **fits | {"subtotal_minor": 505, "total_minor": 601}),
        copy_of(note, **fits | {"subtotal_minor": 400, "tax_minor": 200}),
        copy_of(note, **fits | {"voids_id": note.pk}),
        lambda: CreditNote.objects.update(total_minor=1),
        lambda: CreditNote.objects.all().delete(),
    )
    for act in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    assert copy_of(note, **fits)(), "what fits is taken"


def test_the_database_refuses_a_receipt_whose_number_skips_one(charge: Charge) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE payments_counter SET last = last + 1 WHERE series = 'receipt'")
    skips = pytest.raises(IntegrityError, match="payments_receipt has number 3, and the last is 1")
    with skips, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO payments_receipt SELECT (jsonb_populate_record(one, "
            "jsonb_build_object('id', 'rcp_x', 'number', one.number + 2))).* "
            "FROM payments_receipt AS one"
        )


def test_buyer_and_desk_find_it_and_nobody_else(taxed: Charge, seller: Membership) -> None:
    note = refunded(taxed, 1000)
    mine, other = Client(), Client()
    mine.force_login(seller.user)
    other.force_login(register("other@rings.example").user)
    page = mine.get(f"/billing/orders/{taxed.order_id}").content.decode()
    address = f"/billing/credit-notes/{note.pk}.pdf"
    assert address in page
    assert mine.get(address).content.startswith(b"%PDF")
    assert other.get(address).status_code == 404
    desk = at_the_desk().get(f"/desk/orders/{taxed.order_id}").content.decode()
    assert "credit note CN-000001 for RCP-000001" in desk


def test_the_documents_of_some_days_end_at_what_was_kept(taxed: Charge, tmp_path: Path) -> None:
    refunded(taxed, 1000)
    file = tmp_path / "documents.csv"
    assert tax_documents.run(argparse.Namespace(since=None, before=None, csv=file)) == 0
    rows = list(csv.DictReader(file.read_text("utf-8").splitlines()))
    assert [(one["document"], one["invoice"], one["total"], one["tax"]) for one in rows] == [
        ("RCP-000001", "RCP-000001", "46.41", "7.41"),
        ("CN-000001", "RCP-000001", "-10.00", "-1.59"),
    ]
