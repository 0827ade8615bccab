"""A held order whose terms can't be read: its page says so, and nothing is decided."""

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support.models import Case, ConfirmedDecision
from tests.support.desk import shown
from tests.support.held_orders import held
from tests.support.shop import Sandbox
from tests.support.unreadable_terms import WAYS, lose_texts

pytestmark = [pytest.mark.django_db, pytest.mark.clause("10.2")]


@pytest.mark.parametrize("problem", WAYS, ids=lambda one: type(one).__name__)
def test_the_page_is_there_and_says_what_the_operator_does(
    vera: Client,
    sandbox: Sandbox,
    seller: Membership,
    monkeypatch: pytest.MonkeyPatch,
    problem: Exception,
) -> None:
    order = held(sandbox, seller)
    path = f"/desk/orders/{order.pk}"
    lose_texts(monkeypatch, problem)
    answer = vera.get(path)
    assert answer.status_code == 200
    assert "jewelrymodel doctor" in answer.content.decode()


@pytest.mark.parametrize("act", ["deliver", "refund"])
def test_what_was_filled_in_before_is_refused_and_kept(
    vera: Client,
    sandbox: Sandbox,
    seller: Membership,
    monkeypatch: pytest.MonkeyPatch,
    act: str,
) -> None:
    order = held(sandbox, seller)
    path = f"/desk/orders/{order.pk}"
    told = {"sure": "on", "reason": "They paid it all.", **shown(vera.get(path).content.decode())}
    lose_texts(monkeypatch, WAYS[0])
    answer = vera.post(f"{path}/{act}", told)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "jewelrymodel doctor" in page
    assert "They paid it all." in page
    assert not ConfirmedDecision.objects.exists()
    assert not DecisionRecord.objects.exists()
    assert not Case.objects.filter(decision_id__gt="").exists()
