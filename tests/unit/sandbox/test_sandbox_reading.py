"""What comes over the wire and through the card form, read strictly."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jewelrymodel.sandbox import card_form
from jewelrymodel.sandbox.encodings import decode_form, public
from jewelrymodel.sandbox.errors import Refused
from jewelrymodel.sandbox.request_params import Params
from jewelrymodel.sandbox.test_card_numbers import CARDS

TYPED = {
    "number": "4242-4242 4242 4242",
    "expiry": "2/27",
    "cvc": "123",
    "name": "Ada",
    "email": "ada@shop.example",
    "country": "DE",
}
NOW = (2026, 3)


def test_nested_parameters_become_maps_and_lists() -> None:
    decoded = decode_form(
        "line_items[0][price]=p&line_items[1][price]=q&metadata[a%26b]=c+d&expand[]=x&expand[]=y"
    )
    assert decoded == {
        "line_items": [{"price": "p"}, {"price": "q"}],
        "metadata": {"a&b": "c d"},
        "expand": ["x", "y"],
    }


def test_a_name_cannot_be_a_value_and_a_container() -> None:
    for wrong in ("a=1&a[b]=2", "=1"):
        with pytest.raises(Refused):
            decode_form(wrong)


def test_private_keys_stay_here() -> None:
    assert public({"a": [{"_b": 1, "c": 2}], "_d": 3}) == {"a": [{"c": 2}]}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"amount": "1.5"}, lambda p: p.integer("amount")),
        ({"amount": "-1"}, lambda p: p.integer("amount")),
        ({"amount": {"x": "1"}}, lambda p: p.integer("amount")),
        ({"on": "yes"}, lambda p: p.flag("on")),
        ({"mode": "setup"}, lambda p: p.choice("mode", ("payment",))),
        ({"data": "x"}, lambda p: p.inner("data")),
        ({"data": {"x": "y"}}, lambda p: p.items("data")),
        ({"data": ["x", {}]}, lambda p: p.texts("data")),
        ({"metadata": {"k" * 41: "v"}}, lambda p: p.metadata()),
        ({"metadata": {"k": "v" * 501}}, lambda p: p.metadata()),
        ({"metadata": {f"k{n}": "v" for n in range(51)}}, lambda p: p.metadata()),
        ({"name": ""}, lambda p: p.needed("name")),
    ],
)
def test_wrong_values_are_refused(
    sent: dict[str, object], read: Callable[[Params], object]
) -> None:
    with pytest.raises(Refused) as refused:
        read(Params(sent))
    assert refused.value.before_acting


def test_what_nobody_asked_for_is_refused_wherever_it_hides() -> None:
    params = Params({"outer": {"known": "1", "unknown": "2"}})
    inner = params.inner("outer")
    assert inner is not None
    assert inner.text("known") == "1"
    with pytest.raises(Refused) as refused:
        params.finish()
    assert refused.value.param == "outer[unknown]"


def test_metadata_merges_and_an_empty_value_removes() -> None:
    kept = {"a": "1", "b": "2"}
    assert Params({"metadata": {"a": "", "c": "3"}}).metadata(kept) == {"b": "2", "c": "3"}
    assert Params({"metadata": ""}).metadata(kept) == {}
    assert Params({}).metadata(kept) == kept
    assert Params({"metadata": ["x"]}).metadata() == {"0": "x"}


def test_a_right_form_gives_the_card_and_the_payer() -> None:
    form = card_form.read(TYPED, None, (2027, 2))
    assert form.errors == {}
    assert form.card is not None
    assert form.card.last4 == "4242"
    assert form.payer == card_form.Payer("Ada", "ada@shop.example", "DE", (2, 2027))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "4111 1111 1111 1111"),
        ("number", ""),
        ("expiry", "02/26"),
        ("expiry", "13/30"),
        ("expiry", "soon"),
        ("cvc", "12"),
        ("name", " "),
        ("email", "ada"),
        ("country", "XX"),
    ],
)
def test_one_wrong_field_is_one_error(field: str, value: str) -> None:
    form = card_form.read({**TYPED, field: value}, None, NOW)
    assert list(form.errors) == [field]
    assert form.payer is None
    assert "4111" not in str(form)


def test_the_shop_s_address_counts_over_the_typed_one() -> None:
    form = card_form.read({**TYPED, "email": ""}, "known@shop.example", NOW)
    assert form.payer is not None
    assert form.payer.email == "known@shop.example"


def test_published_numbers_pass_the_check_digit_and_are_unique() -> None:
    for card in CARDS:
        digits = [int(digit) for digit in reversed(card.number)]
        doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
        assert (sum(digits[::2]) + sum(doubled)) % 10 == 0, card.number
    assert len({card.number for card in CARDS}) == len({card.token for card in CARDS}) == len(CARDS)
