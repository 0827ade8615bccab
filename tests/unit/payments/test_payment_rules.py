from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from stripe import Invoice

from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.catalog.products import CheckoutTerms, ProductKind
from jewelrymodel.kernel.money import in_words
from jewelrymodel.payments import rules
from jewelrymodel.payments.checkout_agreement import ConsentKind, Statement
from jewelrymodel.payments.processor_objects import (
    IntentStatus,
    InvoiceStatus,
    PaymentStatus,
    ProcessorCharge,
    ProcessorCheckout,
    ProcessorInvoice,
    SessionStatus,
)
from jewelrymodel.payments.rules.payment_verification import Outcome
from jewelrymodel.payments.statuses import HoldReason

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHARGE = ProcessorCharge(
    id="ch_1",
    intent_id="pi_1",
    succeeded=True,
    captured_minor=3900,
    refunded_minor=0,
    disputed=False,
    currency="USD",
    method="card",
    method_details={},
    card_brand="visa",
    card_last4="4242",
    charged_at=NOW,
)
PAID = ProcessorCheckout(
    session_id="cs_1",
    order_id="ord_1",
    status=SessionStatus.COMPLETE,
    payment=PaymentStatus.PAID,
    amount_minor=3900,
    currency="USD",
    charge=CHARGE,
    decline="",
)
DRAWN = ProcessorInvoice(
    id="in_1",
    status=InvoiceStatus.DRAFT,
    is_advancing=True,
    is_first=False,
    period_starts_at=NOW,
    period_ends_at=NOW,
    amount_minor=3900,
    currency="USD",
    created_at=NOW,
    charge=None,
)
UNPAID = replace(PAID, payment=PaymentStatus.UNPAID, charge=None)


def judge(seen: ProcessorCheckout) -> tuple[Outcome, rules.Hold | None]:
    verdict = rules.judge(order_id="ord_1", total_minor=3900, currency="USD", checkout=seen)
    return verdict.outcome, verdict.hold


def of_charge(**other: Any) -> ProcessorCheckout:
    return replace(PAID, charge=replace(CHARGE, **other))


def charged(minor: int, currency: str = "USD") -> dict[str, str | int]:
    expected = {"expected_minor": 3900, "expected_currency": "USD"}
    return {"charged_minor": minor, "charged_currency": currency, **expected}


def test_only_a_payment_that_agrees_in_every_point_delivers() -> None:
    assert judge(PAID) == (Outcome.DELIVER, None)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (SessionStatus.OPEN, Outcome.WAIT),
        (SessionStatus.COMPLETE, Outcome.PENDING),
        (SessionStatus.EXPIRED, Outcome.EXPIRE),
    ],
)
def test_what_is_not_paid_waits_or_ends(status: SessionStatus, outcome: Outcome) -> None:
    assert judge(replace(UNPAID, status=status)) == (outcome, None)


@pytest.mark.parametrize(
    ("intent", "outcome"),
    [
        (IntentStatus.PROCESSING, Outcome.PENDING),
        (IntentStatus.REQUIRES_ACTION, Outcome.PENDING),
        (IntentStatus.SUCCEEDED, Outcome.PENDING),
        (IntentStatus.REQUIRES_PAYMENT_METHOD, Outcome.FAIL),
        (IntentStatus.CANCELED, Outcome.FAIL),
    ],
)
def test_a_debit_is_pending_until_the_bank_returns_it(
    intent: IntentStatus, outcome: Outcome
) -> None:
    checkout = replace(UNPAID, status=SessionStatus.COMPLETE, intent=intent)
    assert judge(checkout) == (outcome, None)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (InvoiceStatus.VOID, Outcome.FAIL),
        (InvoiceStatus.UNCOLLECTIBLE, Outcome.FAIL),
        (InvoiceStatus.OPEN, Outcome.PENDING),
        (InvoiceStatus.DRAFT, Outcome.PENDING),
    ],
)
def test_a_plan_whose_first_invoice_is_given_up_waits_for_nothing(
    status: InvoiceStatus, outcome: Outcome
) -> None:
    checkout = replace(UNPAID, status=SessionStatus.COMPLETE, invoice=replace(DRAWN, status=status))
    assert judge(checkout) == (outcome, None)


def test_a_word_for_the_payment_that_we_do_not_know_is_held() -> None:
    checkout = replace(UNPAID, status=SessionStatus.COMPLETE, intent=IntentStatus.UNKNOWN)
    assert judge(checkout)[0] is Outcome.HOLD


@pytest.mark.parametrize(
    ("seen", "reason", "detail"),
    [
        (replace(PAID, order_id="ord_2"), HoldReason.OTHERS_PAGE, {"order_id": "ord_2"}),
        (replace(PAID, status=SessionStatus.UNKNOWN), HoldReason.UNKNOWN_STATUS, {}),
        (replace(UNPAID, payment=PaymentStatus.UNKNOWN), HoldReason.UNKNOWN_STATUS, {}),
        (replace(PAID, charge=None), HoldReason.PAGE_WITHOUT_CHARGE, {}),
        (replace(PAID, amount_minor=100), HoldReason.PAGE_AMOUNT, charged(100)),
        (replace(PAID, amount_minor=None), HoldReason.PAGE_AMOUNT, charged(0)),
        (replace(PAID, currency="EUR"), HoldReason.PAGE_AMOUNT, charged(3900, "EUR")),
        (of_charge(succeeded=False), HoldReason.CHARGE_FAILED, {}),
        (of_charge(captured_minor=0), HoldReason.CHARGE_AMOUNT, charged(0)),
        (of_charge(currency="EUR"), HoldReason.CHARGE_AMOUNT, charged(3900, "EUR")),
        (of_charge(refunded_minor=1), HoldReason.CHARGE_RETURNED, {}),
        (of_charge(disputed=True), HoldReason.CHARGE_RETURNED, {}),
    ],
)
def test_what_does_not_agree_or_is_unknown_goes_to_a_person(
    seen: ProcessorCheckout, reason: HoldReason, detail: dict[str, str | int]
) -> None:
    outcome, why = judge(seen)
    assert outcome is Outcome.HOLD
    assert why == rules.Hold(reason, detail)
    assert why.stored.startswith(f"{reason} {{")


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("country", "capacity", "needed"),
    [
        ("DE", BuyerCapacity.CONSUMER, 2),
        ("DE", BuyerCapacity.UNKNOWN, 2),
        ("GB", BuyerCapacity.CONSUMER, 2),
        ("NO", BuyerCapacity.CONSUMER, 2),
        ("DE", BuyerCapacity.BUSINESS, 0),
        ("US", BuyerCapacity.CONSUMER, 0),
        ("", BuyerCapacity.CONSUMER, 0),
    ],
)
def test_consents_are_needed_where_a_right_depends_on_them(
    country: str, capacity: BuyerCapacity, needed: int
) -> None:
    assert len(rules.consents_needed(country, capacity)) == needed


def test_every_consent_has_its_own_words() -> None:
    texts = {rules.consent_text(kind, withdrawal_days=30) for kind in ConsentKind}
    assert len(texts) == len(ConsentKind)
    assert any("my 30-day right" in text for text in texts)


@pytest.mark.clause("5.1")
def test_the_offer_is_another_when_anything_shown_is_another() -> None:
    shown = rules.disclosures()
    assert {statement.id for statement in shown} == {"3.4", "4.1", "5.1"}
    other = [Statement("3.4", "Something else."), *shown[1:]]
    digests = {
        rules.offer_digest("v1", "a" * 64, shown),
        rules.offer_digest("v2", "a" * 64, shown),
        rules.offer_digest("v1", "b" * 64, shown),
        rules.offer_digest("v1", "a" * 64, other),
    }
    assert len(digests) == 4


@pytest.mark.clause("3.4")
def test_what_a_page_adds_is_said_recorded_and_part_of_the_offer() -> None:
    none, refuses, grants = (
        rules.disclosures(terms=terms, terms_text=text)
        for terms, text in (
            (CheckoutTerms.NONE, ""),
            (CheckoutTerms.REFUSES, "Outages are not made good."),
            (CheckoutTerms.GRANTS, "Outages are not made good."),
        )
    )
    assert [one.terms for one in (none[0], refuses[0])] == ["none", "refuses"]
    assert none[0].text.endswith("No other refund terms apply.")
    assert refuses[0].text.endswith("Outages are not made good.")
    assert len({rules.offer_digest("v1", "a" * 64, one) for one in (none, refuses, grants)}) == 3


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("accepted", "terms"),
    [
        ([{"id": "3.4", "terms": "none"}, {"id": "5.1"}], "none"),
        ([{"id": "3.4", "terms": "refuses"}], "refuses"),
        ([{"id": "3.4", "terms": "grants"}, {"id": "own", "terms": "grants"}], "grants"),
        ([{"id": "3.4", "terms": "grants"}, {"id": "own", "terms": "refuses"}], "unknown"),
        ([{"id": "3.4", "terms": "a new word"}], "unknown"),
        ([{"id": "3.4"}], "unknown"),
        ([], "unknown"),
    ],
)
def test_what_a_page_added_is_read_from_what_was_accepted(
    accepted: list[dict[str, str]], terms: str
) -> None:
    assert rules.checkout_terms(accepted) == terms


@pytest.mark.parametrize(
    ("age_min", "wait_min"), [(0, 1), (1, 1), (10, 5), (29, 14.5), (60, 15), (6000, 15)]
)
def test_the_older_an_order_the_rarer_the_look(age_min: int, wait_min: float) -> None:
    created = NOW - timedelta(minutes=age_min)
    due = rules.next_look_at(created_at=created, now=NOW)
    assert due - NOW == timedelta(minutes=wait_min)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [(3900, "USD", "$39.00"), (5, "EUR", "€0.05"), (1234567, "JPY", "1,234,567 JPY")],
)
def test_amounts_read_as_their_currency_has_them(amount: int, currency: str, words: str) -> None:
    assert in_words(amount, currency) == words


@pytest.mark.clause("3.1", "3.2", "3.3", "3.5", "4.1", "5.1")
def test_what_is_disclosed_is_that_of_the_kind_of_product() -> None:
    package, plan = (
        [one.id for one in rules.disclosures(kind)]
        for kind in (ProductKind.PACKAGE, ProductKind.SUBSCRIPTION)
    )
    assert package == ["3.4", "4.1", "5.1"]
    assert plan == ["3.4", "3.1", "3.2", "3.3", "3.5", "5.1"]


@pytest.mark.parametrize(
    ("left", "in_step", "after"),
    [
        (timedelta(days=3), True, timedelta(days=3) + rules.LOOK_AFTER_PERIOD),
        (timedelta(days=3), False, rules.FIRST_LOOK),
        (timedelta(), True, rules.LAST_LOOK),
        (timedelta(minutes=-1), False, rules.FIRST_LOOK),
    ],
)
def test_a_plan_is_looked_at_when_its_period_is_over_and_soon_while_out_of_step(
    left: timedelta, *, in_step: bool, after: timedelta
) -> None:
    at = rules.next_look_at_subscription(period_ends_at=NOW + left, in_step=in_step, now=NOW)
    assert at == NOW + after


def test_only_words_about_the_charge_itself_end_a_refund() -> None:
    notes = Invoice.LastFinalizationError.__annotations__["code"]
    known = {word for one in get_args(notes) for word in get_args(one)}
    assert len(known) > 200
    final = {word for word in known if rules.is_final_refusal(word)}
    assert final == rules.FINAL_REFUSALS - {rules.LESS_IS_LEFT, rules.NOT_PAYABLE}
    assert not any(map(rules.is_final_refusal, ("", "api_key_expired", "balance_insufficient")))


@pytest.mark.parametrize(
    ("amount", "kept", "granted", "remaining", "revokes"),
    [
        (1000, 2900, 100, 25, True),
        (975, 2925, 100, 25, True),
        (974, 2926, 100, 25, False),
        (3900, 0, 100, 100, True),
        (3900, 0, 100, 400, True),
        (1950, 1950, 100, 100, False),
        (1950, 0, 100, 100, True),
        (3400, 0, 100, 100, True),
        (1, 3899, 100, 0, False),
        (1, 0, 100, 0, True),
        (3900, 0, 0, 0, False),
    ],
)
def test_a_refund_made_at_the_processor_revokes_what_it_pays_for(
    amount: int, kept: int, granted: int, remaining: int, *, revokes: bool
) -> None:
    said = {"amount_minor": amount, "kept_minor": kept, "paid_minor": 3900}
    assert rules.is_for_credits(**said, granted=granted, remaining=remaining) is revokes


def test_an_invoice_was_charged_when_its_money_was_taken() -> None:
    made, taken = NOW, NOW + timedelta(hours=1)
    charge = replace(CHARGE, charged_at=taken)
    paid = replace(DRAWN, status=InvoiceStatus.PAID, charge=charge)
    assert (DRAWN.paid, DRAWN.charged_at, paid.paid, paid.charged_at) == (False, made, True, taken)
