"""Mails in the shapes of real programs are read as a person reads them (``tests/mails``)."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any

import pytest

from jewelrymodel.infra import email_parser
from jewelrymodel.infra.automatic_email_detection import is_automatic
from jewelrymodel.infra.email_body import attached_text, read_text
from jewelrymodel.infra.pdf_text import is_pdf, pdf_text
from jewelrymodel.infra.quoted_text import own_words
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.rules.record_references import references_in
from tests.support.tree import ROOT

MAILS = ROOT / "tests/mails"
TRUTH = [json.loads(line) for line in (MAILS / "truth.jsonl").read_text().splitlines()]
LISTS = {one["id"] for one in TRUTH if one["kind"] == "list"}
"""A list's mail is never answered, though a person wrote it."""
ANOTHER_SHOP = {"114"}
"""Names another shop's order by "Commande 5567": no order of ours has that buyer and number."""


def _read(one: dict[str, Any]) -> tuple[EmailMessage, str]:
    message, is_broken = email_parser.parse((MAILS / f"{one['id']}.eml").read_bytes())
    assert not is_broken
    return message, read_text(message)[0]


def _flat(text: str) -> str:
    return " ".join(text.replace("\u200b", "").split())


def test_nothing_that_somebody_wrote_is_lost() -> None:
    lost = {}
    for one in TRUTH:
        text = _read(one)[1]
        words = Counter(re.findall(r"\w+", one["visible_text"]))
        if missing := words - Counter(re.findall(r"\w+", text)):
            lost[one["id"]] = dict(missing)
    assert lost == {}


def test_own_words_are_told_from_quotes_as_a_person_does() -> None:
    others = [
        one["id"]
        for one in TRUTH
        if one["kind"] not in ("bounce", "list")
        and _flat(own_words(_read(one)[1])) != _flat(one["visible_text"])
    ]
    assert others == []


def test_machines_are_known_and_people_are_none() -> None:
    wrong = []
    for one in TRUTH:
        message = _read(one)[0]
        sender = parseaddr(str(message["from"] or ""))[1]
        path = parseaddr(str(message["return-path"]))[1] if message["return-path"] else sender
        said = is_automatic(
            headers=email_parser.headers(message),
            envelope_from=path,
            sender=sender,
            subject=str(message["subject"] or ""),
        )
        if said != one["is_machine"] and one["id"] not in LISTS:
            wrong.append(one["id"])
    assert wrong == []


def _is_a_persons(one: dict[str, Any]) -> bool:
    return not one["is_machine"]


def _claims(message: EmailMessage, text: str) -> Iterator[str]:
    """Where a customer's claim stands, in the order in which it is looked for."""
    yield f"{message['subject'] or ''}\n\n{own_words(text)}"
    yield attached_text(message)
    yield from (pdf_text(data) for _, data in email_parser.files(message) if is_pdf(data))


def test_the_order_that_a_customer_names_is_found_and_no_quoted_one() -> None:
    missed, wrong = set(), set()
    for one in filter(_is_a_persons, TRUTH):
        orders = map(email_references.order_number, _claims(*_read(one)))
        found = next(filter(None, orders), None)
        named = {int(order[3:]) for order in one["orders"] if one["where"].get(order) != "quote"}
        if found is None and named:
            missed.add(one["id"])
        elif found is not None and found not in named:
            wrong.add(one["id"])
    assert (missed, wrong) == (set(), ANOTHER_SHOP)


def test_receipts_and_payments_are_known_by_their_ids() -> None:
    others = {}
    for one in TRUTH:
        found = references_in(next(_claims(*_read(one))))
        named = {
            what
            for what in (*one["receipts"], *one["transactions"])
            if one["where"].get(what, "text") in ("text", "subject")
            and re.match("RCP|pi_|ch_", what)
        }
        if {f"RCP-{n:06d}" for n in found.receipts} | set(found.payments) != named:
            others[one["id"]] = (found, named)
    assert others == {}


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("JM\u201112", 12),
        ("JM-\n000012 please", 12),
        ("주문번호는 JM-819이고", 819),
        ("my order 5 failed", 5),
        ("Bestellung Nr. 318", 318),
        ("la commande n° 44", 44),
        ("El pedido es el n.º 268", 268),
        ("l'ordine n. 151", 151),
        ("order number: 7", 7),
        ("order 39.00 USD twice", None),
        ("order 39 €", None),
        ("order 700-31188 of another shop", None),
        ("AJM-12", None),
        ("JM-12-34", None),
        ("ordered 12 times", None),
    ],
)
def test_numbers_of_orders(text: str, number: int | None) -> None:
    assert email_references.order_number(text) == number


@pytest.mark.parametrize(
    ("subject", "is_machine"),
    [
        ("Automatic reply: Your receipt", True),
        ("Auto: Two questions", True),
        ("Absence du bureau Re: Votre reçu", True),
        ("Abwesenheitsnotiz: Zwei Fragen", True),
        ("Automatic renewal charged twice", False),
        ("Automatische Verlängerung", False),
        ("Out of credits", False),
        ("Absence of the credits that I paid for", False),
        ("Re: automatic reply", False),
        ("不在票について", False),
    ],
)
def test_an_out_of_office_says_so_in_its_subject(subject: str, is_machine: bool) -> None:
    said = is_automatic(
        headers={}, envelope_from="ada@rings.example", sender="ada@rings.example", subject=subject
    )
    assert said == is_machine
