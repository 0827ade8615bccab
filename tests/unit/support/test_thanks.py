"""Only thanks are only thanks: what could ask for anything is a message like others."""

import json

import pytest

from jewelrymodel.support.rules.thanks import is_only_thanks
from tests.support.tree import ROOT


@pytest.mark.parametrize(
    "text",
    [
        "Thank you!",
        "Thanks a lot, have a nice day\n\nMara Example",
        "Perfect, got it. Thanks!\n\nBest regards\nMara Example\nExample Rings",
        "Vielen Dank für die schnelle Hilfe!",
        "Herzlichen Dank, alles angekommen.\n\nMit freundlichen Grüßen\nJo Beispiel",
        "Merci beaucoup pour votre réponse rapide.\nCordialement",
        "Muchas gracias por la ayuda.",
        "Muito obrigada!",
        "Grazie mille",
        "Hartelijk dank voor uw hulp",
    ],
)
def test_thanks_in_our_languages(text: str) -> None:
    assert is_only_thanks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Perfect.",
        "Thanks, but it has not arrived.",
        "Thank you. When does it arrive?",
        "Thanks for nothing, I want my money",
        "Thanks. JM-000123 is still missing",
        "Thank you\nIt is not my ring and the second charge stands",
        "Danke, leider nicht angekommen",
        "Danke, ich möchte trotzdem widersprechen",
        "Merci mais je ne suis pas d'accord",
        "Gracias, pero no es correcto",
        "Obrigado, mas não recebi",
        "no thanks",
        "Thank you\nIt still has not arrived",
        "Thanks\nRefund Please",
        "Danke\nKeine Gutschrift",
        "Vielen Dank\nBitte Geld zurück",
        "Thank you. Refund please",
    ],
)
def test_whatever_else_is_said_is_a_message(text: str) -> None:
    assert not is_only_thanks(text)


def test_no_request_of_the_mails_that_others_wrote_is_taken_for_thanks() -> None:
    truth = (ROOT / "tests/mails/truth.jsonl").read_text().splitlines()
    requests = [one for one in map(json.loads, truth) if one["reason"] not in ("other", "thanks")]
    assert len(requests) > 100
    assert [one["id"] for one in requests if is_only_thanks(one["visible_text"])] == []
