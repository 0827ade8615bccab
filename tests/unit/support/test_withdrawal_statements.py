"""Statements that withdraw from a contract, read from mails that were written before the reader.

SHA-256 of ``tests/mails/withdrawals.jsonl`` then: 41920a2d607405e7dca9b5ac2a35f7fbe592ef49de8b79e2ae230077a0ee0e47.
"""  # noqa: E501

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from jewelrymodel.infra.quoted_text import own_words
from jewelrymodel.support.rules.withdrawal_statements import (
    StatementReading,
    statement_in,
    words_that_state,
)
from tests.support.tree import ROOT

MAILS = ROOT / "tests/mails/withdrawals.jsonl"
READ_AS = {
    "states": StatementReading.STATED,
    "unclear": StatementReading.UNCLEAR,
    "no": StatementReading.NONE,
}
MODEL_FORM = [
    "I/We (*) hereby give notice that I/We (*) withdraw from my/our (*) contract of sale of the "
    "following goods (*)/for the provision of the following service (*),",
    "Hiermit widerrufe(n) ich/wir (*) den von mir/uns (*) abgeschlossenen Vertrag über den Kauf "
    "der folgenden Waren (*)/die Erbringung der folgenden Dienstleistung (*)",
    "Je/nous (*) vous notifie/notifions (*) par la présente ma/notre (*) rétractation du contrat "
    "(*) portant sur la vente du bien (*)/pour la prestation de services (*) ci-dessous",
    "Por la presente le comunico/comunicamos (*) que desisto de mi/desistimos de nuestro (*) "
    "contrato de venta del siguiente bien/prestación del siguiente servicio (*)",
    "Pela presente comunico/comunicamos (*) que resolvo/resolvemos (*) do meu/nosso (*) contrato "
    "de compra e venda relativo ao seguinte bem",
    "Con la presente io/noi (*) notifichiamo il recesso dal mio/nostro (*) contratto di vendita "
    "dei seguenti beni/servizi (*)",
    "Ik/Wij (*) deel/delen (*) u hierbij mede dat ik/wij (*) onze overeenkomst betreffende de "
    "verkoop van de volgende goederen herroep/herroepen (*)",
]


def test_the_sentence_that_states_it_is_known_and_one_that_takes_it_back_states_nothing() -> None:
    text = "My order JM-000001 was great. I withdraw from the contract for order JM-000002."
    assert words_that_state(text) == "i withdraw from the contract for order jm-000002."
    back = "I withdraw from the contract, or rather I do not withdraw."
    assert words_that_state(back) == ""
    assert statement_in(subject="", own_words=back) is StatementReading.NONE


def _read(one: dict[str, Any]) -> StatementReading:
    return statement_in(subject=one["subject"], own_words=own_words(one["text"]))


def test_what_was_written_before_is_unchanged_and_read_as_a_person_reads_it() -> None:
    raw = MAILS.read_bytes()
    assert hashlib.sha256(raw).hexdigest() in str(__doc__)
    mails = [json.loads(one) for one in raw.decode().splitlines()]
    assert Counter(one["expected"] for one in mails) == {"states": 31, "unclear": 12, "no": 34}
    wrong = {one["id"]: _read(one).value for one in mails if _read(one) != READ_AS[one["expected"]]}
    assert wrong == {"w14": "unclear"}, "a journalist's question is looked at by a person"


def test_of_the_mails_of_another_author_only_those_that_withdraw_are_taken_up() -> None:
    """Whoever wrote these knew of no reader of statements."""
    truth = (ROOT / "tests/mails/truth.jsonl").read_text().splitlines()
    mails = [json.loads(one) for one in truth]
    readings = {
        one["id"]: statement_in(subject="", own_words=one["visible_text"]).value for one in mails
    }
    withdrawing = {one["id"] for one in mails if one["reason"] == "withdrawal"}
    assert {name for name, one in readings.items() if one != "none"} == withdrawing
    assert {readings[name] for name in withdrawing} == {"stated"}


@pytest.mark.parametrize("text", MODEL_FORM)
def test_the_words_of_the_law_are_a_statement(text: str) -> None:
    wrapped = text.replace(" ", "\n", 4)
    assert statement_in(subject="", own_words=f"Hello,\n\n{wrapped}") is StatementReading.STATED


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw my complaint about order JM-5.",
        "I withdraw from the agreement to use my photos.",
        "I revoke the contract with my photographer.",
        "I asked my sister to withdraw from the contract.",
        "I withdraw from the contract. Or not, let me think: can I withdraw later?",
        "I withdraw from the contract, or should I?",
        "Ich widerrufe meine Bewertung zum Kauf.",
        "Machen Sie von Ihrem Widerrufsrecht Gebrauch.",
        "Ich widerrufe den Vertrag nicht.",
        "Ich widerrufe den Vertrag mit meinem Fotografen.",
        "Sorry for the delay, we have decided to withdraw from the order with Pandora.",
        "I withdraw from the contract JM-000001 with Pandora.",
        "I withdraw from my purchase at Pandora.",
        "Ich widerrufe die Bestellung bei Pandora.",
        "Hiermit widerrufe ich den Vertrag mit Pandora.",
        "J’exerce mon droit de rétractation pour la commande chez Pandora.",
        "Desisto de la compra con Pandora.",
        "Desisto da compra com Pandora.",
        "Recedo dal contratto con Pandora.",
        "Ik herroep de overeenkomst met Pandora.",
        "Je voudrais savoir comment exercer mon droit de rétractation.",
        "Desisto de la sesión del pedido.",
        "Over de bestelling: ik herroep mijn klacht.",
        "注文コメントを撤回します。",
        "契約を撤回しません。",
        "주문 후기를 철회합니다",
        "",
    ],
)
def test_a_near_miss_is_never_taken_up(text: str) -> None:
    assert statement_in(subject="Withdrawal", own_words=text) is not StatementReading.STATED


@pytest.mark.parametrize(
    "text",
    [
        "I withdraw from the contract with you with immediate effect.",
        "I withdraw from the purchase with the number JM-000123.",
        "I withdraw from my contract with AI Jewelry Model.",
        "Hiermit widerrufe ich den mit Ihnen geschlossenen Vertrag."
        " Ich widerrufe den Vertrag mit Ihnen.",
        "Hiermit widerrufe ich die Bestellung mit der Bestellnummer JM-000123.",
        "Je me rétracte du contrat conclu avec vous.",
        "Desisto del contrato con ustedes.",
        "Recedo dal contratto con voi con effetto immediato.",
        "Ik herroep de overeenkomst met u.",
        "I withdraw from the contract because the ring is not visible.",
        "Ich widerrufe den Vertrag, weil das Bild nicht passt.",
        "気に入らないので、契約を撤回します。",
    ],
)
def test_a_reason_makes_no_doubt(text: str) -> None:
    assert statement_in(subject="", own_words=text) is StatementReading.STATED


def test_a_subject_alone_is_a_persons() -> None:
    read = statement_in(subject="Widerruf Bestellung JM-3", own_words="Bitte bestätigen Sie.")
    assert read is StatementReading.UNCLEAR


@pytest.mark.parametrize(
    "text", ["i " * 10_000, "i hereby " * 3_000, "widerrufe ich den am " * 900]
)
def test_no_text_takes_the_reader_long(text: str) -> None:
    """What grows with the square of its length would take minutes here."""
    assert statement_in(subject="", own_words=text) is not StatementReading.STATED
