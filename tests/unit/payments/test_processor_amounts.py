"""What the processor's own table of currencies asks of an amount."""

import pytest

from jewelrymodel.kernel.money import in_currency, in_words
from jewelrymodel.payments.rules import payable
from jewelrymodel.payments.rules.processor_amounts import AmountNotPayable, received, sent


@pytest.mark.parametrize(
    ("amount_minor", "currency", "theirs", "words"),
    [
        (3900, "USD", 3900, "$39.00"),
        (3900, "JPY", 3900, "3,900 JPY"),
        (3900, "ISK", 390_000, "3,900 ISK"),
        (3900, "UGX", 390_000, "3,900 UGX"),
        (390_000, "MGA", 3900, "3,900.00 MGA"),
        (3900, "KWD", 3900, "3.900 KWD"),
        (3900, "HUF", 3900, "39.00 HUF"),
    ],
)
def test_an_amount_goes_out_in_its_units_and_comes_back(
    amount_minor: int, currency: str, theirs: int, words: str
) -> None:
    assert payable(amount_minor, currency)
    assert sent(amount_minor, currency) == theirs
    assert received(theirs, currency.lower()) == amount_minor
    assert in_words(amount_minor, currency) == words


@pytest.mark.parametrize(
    ("amount_minor", "currency"), [(3901, "KWD"), (1, "BHD"), (390_050, "MGA")]
)
def test_what_the_processor_can_t_move_is_refused(amount_minor: int, currency: str) -> None:
    assert not payable(amount_minor, currency)
    with pytest.raises(AmountNotPayable):
        sent(amount_minor, currency)


def test_a_limit_is_so_many_whole_units_of_any_currency() -> None:
    limits = {one: in_currency(5_000, one) for one in ("USD", "JPY", "KWD")}
    assert limits == {"USD": 5_000, "JPY": 50, "KWD": 50_000}
