"""A request with several grounds: each has its line and its decision, and nothing is paid twice."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import Role
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.models import DecisionRecord, RemedyRow
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, CaseEntry, CaseGround, ConfirmedDecision
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import CaseState
from tests.support.desk import read, wait_until_decided
from tests.support.inbound_email import arrive, letter
from tests.support.shop import Sandbox, at_the_desk, charge_again, now, register, settle, start

pytestmark = pytest.mark.django_db


def add(client: Client, case: Case, category: str, about: str = "", **sent: str) -> int:
    told = {"category": category, "about": about, "records": "", **sent}
    return client.post(f"/desk/cases/{case.pk}/grounds/add", told).status_code


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(signature_\w+|read_up_to)" value="(\w*)"', page))


def decide(client: Client, case: Case, *acts: str, **sent: str) -> int:
    """Answer the grounds in their order; ten seconds pass."""
    page = read(client, f"/desk/cases/{case.pk}")
    keys = re.findall(r'name="signature_(\w+)"', page)
    told = {f"act_{key}": act for key, act in zip(keys, acts, strict=True)}
    told |= {"sure": "on", "reason": "As our records say.", **hidden(page), **sent}
    status = client.post(f"/desk/cases/{case.pk}/grounds/decide", told).status_code
    wait_until_decided()
    for row in DecisionRecord.objects.all():  # as the queue does with each
        deciding.carry_out(decision_id=row.pk, now=now())
    return status


def last_letter(case: Case) -> str:
    return CaseEntry.objects.filter(case=case, kind="message_out").latest("pk").text


def charged_twice(sandbox: Sandbox, seller: Membership, key: str) -> Order:
    checkout = start(seller, sku="tray", key=key)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    charge_again(sandbox, order)
    return order


@pytest.fixture
def doubled(sandbox: Sandbox, seller: Membership) -> Order:
    """Another order, of which the money was taken twice."""
    return charged_twice(sandbox, seller, "another-page-key")


@pytest.fixture
def twice(doubled: Order, case: Case, vera: Client) -> Case:
    """One order partly unused, another one charged twice: two grounds of one request."""
    assert add(vera, case, "duplicate", doubled.label) == 302
    return case


def test_each_ground_has_its_line_of_facts_clause_and_recommendation(
    vera: Client, twice: Case
) -> None:
    page = read(vera, f"/desk/cases/{twice.pk}")
    lines = page.partition('id="recommended"')[2].split("<fieldset")[1:]
    assert len(lines) == 2
    unused, duplicate = lines
    assert "Unused credits or time" in unused
    assert "Recommended: decline" in unused
    assert ">4.2<" in re.sub(r"\s", "", unused)
    assert "Duplicate charge" in duplicate
    assert "Recommended: approve" in duplicate
    assert "#clause-6.1" in duplicate
    assert "approve-recommendation" not in page
    assert "/approve-remedy" not in page


def test_one_letter_says_each_and_each_is_a_decision(vera: Client, twice: Case) -> None:
    assert decide(vera, twice, "decline", "approve") == 302
    twice.refresh_from_db()
    assert twice.state == CaseState.DECIDED
    rows = {one.category: one for one in DecisionRecord.objects.all()}
    assert {name: one.denied for name, one in rows.items()} == {"unused": True, "duplicate": False}
    assert Refund.objects.get().charge.order_id != twice.subject_id
    letters = CaseEntry.objects.filter(case=twice, kind="message_out", author__startswith="user:")
    text = letters.get().text
    assert "1. I didn’t use all of my purchase" in text
    assert "2. I was charged twice" in text
    assert "can’t approve it" in text.partition("2. I was")[0]
    assert "approved it" in text.partition("2. I was")[2]
    assert text.count("As our records say.") == 1, "the reason is the decline’s"
    assert twice.further_grounds.get().decision_id == rows["duplicate"].pk
    for one in rows.values():
        found = queries.case_of_decision(decision_id=one.pk)
        assert found is not None
        assert found.pk == twice.pk


def test_what_two_grounds_would_make_good_is_paid_once(
    vera: Client, case: Case, order: Order, sandbox: Sandbox
) -> None:
    """Both give back the same second charge: one refund, and the letter says so."""
    charge_again(sandbox, order)
    assert add(vera, case, "duplicate", order.label) == 302
    assert read(vera, f"/desk/cases/{case.pk}").count("Recommended: approve") == 2
    assert decide(vera, case, "approve", "approve") == 302
    assert Refund.objects.get().amount_minor == 3900
    assert RemedyRow.objects.count() == 1
    case.refresh_from_db()
    assert case.further_grounds.get().decision_id == case.decision_id
    assert "This is made good by what is said under 1" in last_letter(case)


def test_a_ground_is_added_once(vera: Client, twice: Case, doubled: Order) -> None:
    assert add(vera, twice, "duplicate", doubled.label) == 409
    assert add(vera, twice, "duplicate") == 302, "about the account it is another one"
    assert twice.further_grounds.count() == 2


def test_a_decline_among_them_is_appealed_to_another_person(vera: Client, twice: Case) -> None:
    assert decide(vera, twice, "decline", "approve") == 302
    operations.receive_message(case_id=twice.pk, text="I object to the first.", now=now())
    twice.refresh_from_db()
    assert queries.who_declined(twice)
    page = read(vera, f"/desk/cases/{twice.pk}")
    assert "You declined this request" in page
    noa = at_the_desk("Noa Example")
    before = Refund.objects.count()
    assert decide(noa, twice, "decline", "keep") == 302
    twice.refresh_from_db()
    assert twice.state == CaseState.DECIDED
    assert Refund.objects.count() == before
    assert "This stays as we decided it before." in last_letter(twice)


def test_a_ground_with_a_denial_needs_a_reason_and_every_ground_an_answer(
    vera: Client, twice: Case
) -> None:
    assert decide(vera, twice, "decline", "approve", reason=" ") == 422
    page = read(vera, f"/desk/cases/{twice.pk}")
    told = {"act_first": "decline", "sure": "on", "reason": "No.", **hidden(page)}
    assert vera.post(f"/desk/cases/{twice.pk}/grounds/decide", told).status_code == 422
    assert decide(vera, twice, "approve", "approve") == 422, "nothing is recommended for the first"
    assert not ConfirmedDecision.objects.exists()


def test_it_can_be_undone_as_one_and_what_was_chosen_stands_again(
    vera: Client, twice: Case
) -> None:
    page = read(vera, f"/desk/cases/{twice.pk}")
    keys = re.findall(r'name="signature_(\w+)"', page)
    told = dict(zip((f"act_{one}" for one in keys), ("decline", "approve"), strict=True))
    told |= {"sure": "on", "reason": "Kept words.", **hidden(page)}
    assert vera.post(f"/desk/cases/{twice.pk}/grounds/decide", told).status_code == 302
    assert add(vera, twice, "changed_mind") == 409, "what was shown is what is decided"
    vera.post(f"/desk/cases/{twice.pk}/undo")
    wait_until_decided()
    assert not DecisionRecord.objects.exists()
    page = read(vera, f"/desk/cases/{twice.pk}")
    assert "Kept words." in page
    assert re.search(r'name="act_first" value="decline"[^>]*checked', page)


def test_one_ground_alone_is_not_decided_by_another_door(vera: Client, twice: Case) -> None:
    request = queries.request_facts(twice)
    assert request is not None
    signature = deciding.assess(request=request, now=now()).signature
    told = {"sure": "on", "reason": "No.", "signature": signature, "read_up_to": "0"}
    assert vera.post(f"/desk/cases/{twice.pk}/decline", told).status_code == 409
    assert not ConfirmedDecision.objects.exists()


def test_facts_that_moved_decide_nothing(vera: Client, twice: Case) -> None:
    page = read(vera, f"/desk/cases/{twice.pk}")
    stale = {name: "0" * 64 for name in hidden(page) if name.startswith("signature_")}
    assert decide(vera, twice, "decline", "approve", **stale) == 409
    assert not DecisionRecord.objects.exists()


def test_while_the_processor_is_down_every_answer_is_kept(
    vera: Client, twice: Case, sandbox: Sandbox
) -> None:
    """R6: the form was gone, and told that the facts had changed."""
    before = hidden(read(vera, f"/desk/cases/{twice.pk}"))
    sandbox.panel("faults", down=True)
    told = {f"act_{key.removeprefix('signature_')}": "decline" for key in before}
    told |= {"act_first": "decline", "sure": "on", "reason": "Kept words.", **before}
    told[f"act_{twice.further_grounds.get().pk}"] = "approve"
    answer = vera.post(f"/desk/cases/{twice.pk}/grounds/decide", told)
    page = " ".join(answer.content.decode().split())
    sandbox.panel("faults", down=False)
    assert answer.status_code == 503
    assert "The facts of this category changed" not in page
    assert "Kept words." in page
    assert f'action="/desk/cases/{twice.pk}/grounds/decide"' in page
    assert page.count('<option value="decline" selected>') == 1
    assert page.count('<option value="approve" selected>') == 1
    kept = hidden(page)
    assert {name: kept.get(name) for name in before} == before
    assert not ConfirmedDecision.objects.exists()
    assert vera.post(f"/desk/cases/{twice.pk}/grounds/decide", {**told, **kept}).status_code == 302


def test_a_ground_is_removed_until_it_is_decided(vera: Client, twice: Case) -> None:
    ground = twice.further_grounds.get()
    path = f"/desk/cases/{twice.pk}/grounds/{ground.pk}/remove"
    assert vera.post(path).status_code == 302
    assert not CaseGround.objects.exists()
    assert vera.post(path).status_code == 404
    page = read(vera, f"/desk/cases/{twice.pk}")
    assert "approve-remedy" in page
    assert "Category removed: duplicate" in page


def test_the_database_keeps_a_decided_ground(vera: Client, twice: Case) -> None:
    assert decide(vera, twice, "decline", "approve") == 302
    ground = CaseGround.objects.get()
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        ground.delete()
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        CaseGround.objects.update(category="unused")
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        CaseGround.objects.update(decision_id="")
    with pytest.raises(IntegrityError, match="stays"), transaction.atomic():
        CaseGround.objects.update(verified_records=["order:x"])
    with pytest.raises(IntegrityError, match="support_ground_by_a_person"), transaction.atomic():
        CaseGround.objects.create(
            case=twice, category="other", subject_kind="account", added_by="x", added_at=now()
        )


def test_grounds_of_two_orders_are_each_their_own(
    vera: Client, twice: Case, seller: Membership, sandbox: Sandbox
) -> None:
    other = charged_twice(sandbox, seller, "a-third-page-key")
    assert add(vera, twice, "duplicate", other.label) == 302
    assert decide(vera, twice, "decline", "approve", "approve") == 302
    charges = Refund.objects.values_list("charge", flat=True)
    assert len(set(charges)) == len(charges) == 2


def test_together_they_count_for_a_second_approval(
    vera: Client, twice: Case, seller: Membership, sandbox: Sandbox, settings: Settings
) -> None:
    other = charged_twice(sandbox, seller, "a-third-page-key")
    assert add(vera, twice, "duplicate", other.label) == 302
    price = other.total_minor
    settings.SECOND_APPROVAL_LIMIT_MINOR = price * 2 - 1
    assert decide(vera, twice, "decline", "approve", "approve") == 302
    assert set(RemedyRow.objects.values_list("state", flat=True)) == {"pending_approval"}
    assert not Refund.objects.exists()


def test_what_is_not_theirs_or_not_alike_is_refused(vera: Client, case: Case) -> None:
    assert add(vera, case, "duplicate", "JM-99999") == 422
    assert add(vera, case, "style") == 409, "every member may read it; this one is about money"
    assert add(vera, case, "visibly_broken") == 409
    assert not CaseGround.objects.exists()
    vera.post(f"/desk/cases/{case.pk}/close", {"text": "A double."})
    assert add(vera, case, "changed_mind") == 409


def edit(client: Client, case: Case, category: str, about: str = "") -> int:
    told = {"category": category, "about": about, "records": ""}
    return client.post(f"/desk/cases/{case.pk}/subject", told).status_code


def test_an_edited_subject_goes_with_the_other_grounds(
    vera: Client, twice: Case, doubled: Order
) -> None:
    """R5: an edit mixed what two rules keep apart."""
    assert edit(vera, twice, "style") == 409, "every member may read it"
    assert edit(vera, twice, "visibly_broken") == 409
    assert edit(vera, twice, "duplicate", doubled.label) == 409, "it has that one"
    twice.refresh_from_db()
    assert twice.category == "unused"
    assert edit(vera, twice, "changed_mind", doubled.label) == 302
    twice.further_grounds.all().delete()
    assert edit(vera, twice, "style") == 302, "alone it may be about anything"


def test_an_email_names_no_order_where_every_member_reads_the_grounds(
    vera: Client, case: Case, order: Order
) -> None:
    Case.objects.filter(pk=case.pk).update(category="other", subject_kind="account", subject_id="")
    assert add(vera, case, "outage") == 302
    tag = email_references.tag(case.number, case.thread_key)
    arrive(letter(case.email, f"Re: {tag}", f"It is about {order.label}."))
    case.refresh_from_db()
    assert case.subject_id == ""
    case.further_grounds.all().delete()
    arrive(letter(case.email, f"Re: {tag}", f"As I said, it is about {order.label}."))
    case.refresh_from_db()
    assert case.subject_id == order.pk


def test_a_member_reads_what_is_theirs_of_a_request_that_is_mixed(
    vera: Client, twice: Case, seller: Membership
) -> None:
    """Of before an edit was refused: the page answered 404."""
    Case.objects.filter(pk=twice.pk).update(category="other", subject_kind="account", subject_id="")
    assert decide(vera, twice, "decline", "approve") == 302
    user = register("bo@rings.example").user
    Membership.objects.create(
        account_id=seller.account_id, user=user, role=Role.MEMBER, joined_at=now()
    )
    Membership.objects.filter(user=user).exclude(account_id=seller.account_id).delete()
    client = Client()
    client.force_login(user)
    page = read(client, f"/requests/{twice.pk}")
    twice.refresh_from_db()
    assert f"/requests/decisions/{twice.decision_id}" in page
    assert f"/requests/decisions/{twice.further_grounds.get().decision_id}" not in page


def test_its_customer_reads_each_decision(vera: Client, twice: Case, seller: Membership) -> None:
    assert decide(vera, twice, "decline", "approve") == 302
    client = Client()
    client.force_login(seller.user)
    page = read(client, f"/requests/{twice.pk}")
    for one in DecisionRecord.objects.all():
        assert f"/requests/decisions/{one.pk}" in page
