"""Whoever acts is stored as one text, and read back from it."""

import pytest

from jewelrymodel.kernel.actors import CUSTOMER, Actor, ActorKind


@pytest.mark.parametrize(
    ("actor", "text"),
    [
        (Actor.user(7), "user:7"),
        (Actor.system("payments.settle_order"), "system:payments.settle_order"),
        (CUSTOMER, "customer"),
    ],
)
def test_the_stored_text_is_read_back(actor: Actor, text: str) -> None:
    assert str(actor) == text
    assert Actor.parse(text) == actor


def test_only_a_signed_in_person_has_a_user_id() -> None:
    assert (Actor.user(7).is_user, Actor.user(7).user_id) == (True, 7)
    assert (Actor.system("refunds").is_user, Actor.system("refunds").user_id) == (False, None)
    assert CUSTOMER.user_id is None


@pytest.mark.parametrize("text", ["", "user:", "user:ada", "system:", "system", "customer:4", "me"])
def test_nothing_else_is_an_actor(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # the enumeration's own, too
        Actor.parse(text)


def test_a_kind_alone_names_nobody() -> None:
    with pytest.raises(ValueError, match="can't be"):
        Actor(ActorKind.SYSTEM)
