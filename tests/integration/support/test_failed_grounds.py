"""Of several grounds one was declined, and what another gave failed: no appeal, and a way out."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from jewelrymodel.accounts.models import Membership
from jewelrymodel.kernel.period import Period
from jewelrymodel.payments.models import Refund
from jewelrymodel.promises import queries as promises
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries, tasks
from jewelrymodel.support.models import Case, CaseEntry
from jewelrymodel.support.statuses import CaseState
from tests.support.desk import read, wait_until_decided
from tests.support.refunds import refunds_done
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, settle, start

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
OBJECTION = "I object to the decline."


def decide(client: Client, case: Case, *acts: str, **sent: str) -> int:
    page = read(client, f"/desk/cases/{case.pk}")
    hidden = dict(re.findall(r'name="(signature_\w+|read_up_to)" value="(\w*)"', page))
    keys = [name.removeprefix("signature_") for name in hidden if name != "read_up_to"]
    told = {f"act_{key}": act for key, act in zip(keys, acts, strict=True)}
    told |= {"sure": "on", "reason": "As our records say.", **hidden, **sent}
    status = client.post(f"/desk/cases/{case.pk}/grounds/decide", told).status_code
    wait_until_decided()
    return status


@pytest.fixture
def failed(sandbox: Sandbox, case: Case, vera: Client, seller: Membership) -> Case:
    """Vera declined the first ground and approved the second, whose refund the bank sent back."""
    checkout = start(seller, sku="tray", key="another-page-key")
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    told = {"category": "duplicate", "about": order.label, "records": ""}
    assert vera.post(f"/desk/cases/{case.pk}/grounds/add", told).status_code == 302
    sandbox.panel("faults", fail_refunds=1, refund_delay_s=2 * 86_400)
    assert decide(vera, case, "decline", "approve") == 302
    follow()
    sandbox.panel("clock", offset_s=2 * 86_400 + 60)
    follow()
    sandbox.panel("clock", offset_s=0)
    case.refresh_from_db()
    assert case.state == CaseState.OPEN
    return case


def follow() -> None:
    """What was decided is carried out and told, as the worker does."""
    for row in DecisionRecord.objects.all():
        deciding.carry_out(decision_id=row.pk, now=now())
    refunds_done()
    for row in DecisionRecord.objects.all():
        tasks.notify_remedy(subject_id=row.pk)


def last_letter(case: Case) -> str:
    """What a person decided last, as it was told."""
    rows = CaseEntry.objects.filter(case=case, kind="message_out", author__startswith="user:")
    return rows.latest("pk").text


def test_a_failed_refund_is_no_appeal_and_the_decline_stays(vera: Client, failed: Case) -> None:
    page = read(vera, f"/desk/cases/{failed.pk}")
    assert "its customer wrote again" not in page
    assert queries.appeals([failed]) == set()
    assert decide(vera, failed, "keep", "approve") == 302
    failed.refresh_from_db()
    assert failed.state == CaseState.DECIDED
    assert DecisionRecord.objects.filter(denied=True).count() == 1, "nothing is declined twice"
    first, _, second = last_letter(failed).partition("2. I was charged twice")
    assert "This stays as we decided it before." in first
    assert "approved it" in second
    found = queries.report(within=Period(now() - DAY, now() + DAY), now=now())
    assert (found.appeals, found.overturned) == (0, 0)
    follow()
    assert Refund.objects.filter(state="succeeded").exists()


def test_what_failed_can_be_corrected_by_hand(
    vera: Client, failed: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It had no exit where a refund couldn't be repeated."""
    assert "Other correction (8.6)" in read(vera, f"/desk/cases/{failed.pk}")
    assert decide(vera, failed, "keep", "by_hand", reason=" ") == 422
    assert decide(vera, failed, "by_hand", "approve") == 422, "nothing of the first has failed"
    said = "Written off as they wished."
    assert decide(vera, failed, "keep", "by_hand", reason=said) == 409, "money was promised (3.4)"
    monkeypatch.setattr(promises, "promises_for", lambda *_args, **_named: [])
    assert decide(vera, failed, "keep", "by_hand", reason=said) == 302
    made = DecisionRecord.objects.latest("decided_at")
    assert [one.kind for one in made.remedies.all()] == ["other"]
    assert said in last_letter(failed)


def test_an_objection_to_the_decline_is_an_appeal(vera: Client, failed: Case) -> None:
    operations.receive_message(case_id=failed.pk, text=OBJECTION, now=now())
    failed.refresh_from_db()
    assert queries.appeals([failed]) == {failed.pk}
    page = read(vera, f"/desk/cases/{failed.pk}")
    assert "You declined this request, and its customer wrote again" in page
    assert decide(vera, failed, "decline", "approve") == 409
    noa = at_the_desk("Noa Example")
    assert decide(noa, failed, "keep", "approve") == 422, "an objection is answered"
    assert decide(noa, failed, "decline", "approve") == 302


def test_the_queue_marks_an_appeal_of_any_ground(vera: Client, failed: Case) -> None:
    """The badge was of the first ground's decline only, and of every reopened one."""
    assert "Appeal" not in read(vera, "/desk")
    further = failed.further_grounds.get()
    Case.objects.filter(pk=failed.pk).update(decision_id=further.decision_id)
    failed.further_grounds.update(decision_id=failed.decision_id)
    operations.receive_message(case_id=failed.pk, text=OBJECTION, now=now() + timedelta(seconds=1))
    assert "Appeal" in read(vera, "/desk")
