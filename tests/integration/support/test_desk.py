"""The desk: what an agent reads of a case and of its records, and how remedies are written."""

import re
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.models import Membership
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.ledger import queries as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Charge, Order, Refund
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations import Opening
from jewelrymodel.support.rules import email_references
from jewelrymodel.support.statuses import Channel
from jewelrymodel.web.desk.urls import urlpatterns
from tests.support.desk import decide, open_case, read, shown
from tests.support.inbound_email import arrive, letter
from tests.support.shop import Sandbox, at_the_desk, charge_again, now

pytestmark = pytest.mark.django_db


def asked(client: Client, path: str) -> HttpResponse:
    """The answer by whichever method the address takes."""
    answer = client.get(path)
    return client.post(path) if answer.status_code == 405 else answer


def test_every_fact_leads_to_its_record(vera: Client, case: Case) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    found = set(re.findall(r"/desk/records/(\w+)/(\w+)", page))
    assert {kind for kind, _ in found} == {"account", "charge", "lot", "order", "setting"}
    for kind, record_id in found:
        answer = vera.get(f"/desk/records/{kind}/{record_id}", follow=True)
        assert answer.status_code == 200, kind
        assert answer.redirect_chain, kind
    for nothing in ("charge/chg_none", "lot/lot_none", "session/x"):
        assert vera.get(f"/desk/records/{nothing}").status_code == 404


def test_the_queue_says_what_is_at_stake(vera: Client, case: Case) -> None:
    assert queries.stakes([case]) == {case.pk: "$39.00"}
    assert "$39.00" in read(vera, "/desk")


@pytest.mark.clause("8.4")
def test_money_is_written_as_money_and_never_more_than_is_left(vera: Client, case: Case) -> None:
    assert "$39.00 can still be refunded." in read(vera, f"/desk/cases/{case.pk}")
    for amount in ("12.505", "-1", "", "0", "NaN", "twelve"):
        assert decide(vera, case, kind="partial_refund", amount=amount) == 422, amount
    assert decide(vera, case, kind="partial_refund", amount="39.01") == 409
    assert not DecisionRecord.objects.exists()
    assert decide(vera, case, kind="partial_refund", amount="12.50") == 302
    assert Refund.objects.get().amount_minor == 1250
    page = read(vera, f"/desk/cases/{case.pk}")
    assert "Vera Example" in page
    assert "$12.50" in page


@pytest.mark.clause("8.5")
def test_all_of_the_money_takes_all_of_the_credits_back(vera: Client, case: Case) -> None:
    """Also where nothing was recommended: who has the money back has no credits of it (edge 4)."""
    assert decide(vera, case, kind="full_refund") == 302
    (refund,) = Refund.objects.all()
    assert (refund.amount_minor, refund.revokes_credits) == (3900, True)
    payments.follow_refund(refund_id=refund.pk, now=now())
    assert ledger.balance(case.account_id or "", now()).available == 0
    assert ledger.verify() == []


@pytest.mark.clause("8.4")
@pytest.mark.parametrize(("asked", "left"), [({}, 100), ({"revokes_credits": "on"}, 0)])
def test_part_of_the_money_takes_credits_back_where_the_agent_says_so(
    vera: Client, case: Case, asked: dict[str, str], left: int
) -> None:
    assert decide(vera, case, kind="partial_refund", amount="20", **asked) == 302
    payments.follow_refund(refund_id=Refund.objects.get().pk, now=now())
    assert ledger.balance(case.account_id or "", now()).available == left


@pytest.mark.clause("8.2")
def test_credits_are_whole(vera: Client, case: Case) -> None:
    assert decide(vera, case, kind="replacement_credits", amount="2.5") == 422
    assert decide(vera, case, kind="replacement_credits", amount="3") == 302
    assert ledger.balance(case.account_id or "", now()).available == 103
    assert Charge.objects.get().refunded_minor == 0


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"kind": "access_correction"}, "already in the account"),
        ({"kind": "restored_credits", "amount": "1"}, "Only 0 credits were used here."),
        ({"kind": "replacement_credits", "amount": "10001"}, "At most 10000 credits"),
        ({"kind": "full_refund", "amount": "2"}, "A full refund is 39.00."),
    ],
)
def test_a_remedy_that_does_not_fit_is_refused_and_nothing_is_said(
    vera: Client, case: Case, sent: dict[str, str], told: str
) -> None:
    page = read(vera, f"/desk/cases/{case.pk}")
    signature = re.search(r'name="signature" value="(\w+)"', page)
    assert signature
    asked = {"sure": "on", "reason": "Kind", "signature": signature[1], **sent}
    answer = vera.post(f"/desk/cases/{case.pk}/approve-remedy", asked)
    assert answer.status_code in (409, 422)
    assert told in answer.content.decode()
    assert not DecisionRecord.objects.exists()
    assert queries.case(case_id=case.pk).state == "open"


def test_nothing_is_delivered_where_no_order_is_meant(vera: Client, seller: Membership) -> None:
    about = Subject(SubjectKind.ACCOUNT, "")
    opening = Opening(seller.account_id, "a@b.example", 3, Channel.FORM, "other", about, "Help me.")
    case = operations.open_case(opening=opening, now=now())
    assert decide(vera, case, kind="access_correction") == 409
    assert decide(vera, case, kind="restored_credits", amount="1") == 409
    assert not DecisionRecord.objects.exists()


def test_a_recommendation_is_carried_out_by_a_form_of_its_own(
    vera: Client, sandbox: Sandbox, case: Case, order: Order
) -> None:
    """Enter in the amount's field decides what stands there, never what is recommended."""
    charge_again(sandbox, order)
    operations.categorize(
        case_id=case.pk,
        category="duplicate",
        subject=Subject(SubjectKind.ORDER, order.pk),
        verified_records=(),
        user_id=7,
        now=now(),
    )
    page = vera.get(f"/desk/cases/{case.pk}").content.decode()
    acts = re.findall(rf'action="/desk/cases/{case.pk}/(approve-\w+|decline)"', page)
    assert acts == ["approve-recommendation", "approve-remedy", "decline"]
    assert len(re.findall(r'id="(recommendation_sure|remedy_sure|decline_sure)"', page)) == 3


def test_whoever_opens_the_address_of_an_act_again_is_led_to_the_case(
    vera: Client, case: Case
) -> None:
    for act in ("decline", "reply", "subject"):
        assert vera.get(f"/desk/cases/{case.pk}/{act}")["Location"] == f"/desk/cases/{case.pk}"
    assert ", 17:00 E" in read(vera, f"/desk/cases/{case.pk}"), "when it is due"
    assert decide(vera, case, act="decline", reason="It was used.") == 302
    assert "due " not in read(vera, f"/desk/cases/{case.pk}").split("Claim and conversation")[0]


def test_a_case_is_taken_over_and_given_back_in_plain_sight(vera: Client, case: Case) -> None:
    address = f"/desk/cases/{case.pk}"
    at_the_desk("Arun Example").post(f"{address}/assign")
    vera.post(f"{address}/assign")
    assert "assigned to Vera Example" in read(vera, address)
    assert "Taken over from a colleague." in read(vera, address)
    vera.post(f"{address}/unassign")
    assert "Assign to me" in read(vera, address)
    assert not case.entries.filter(internal=False, text__contains="Taken").exists()


def test_what_was_decided_about_the_same_stands_beside_the_next_case(
    vera: Client, case: Case, order: Order, seller: Membership
) -> None:
    assert decide(vera, case, kind="replacement_credits", amount="3") == 302
    page = read(vera, f"/desk/cases/{open_case(order, seller).pk}")
    assert "Earlier decisions about the same subject" in page
    assert "3 credits were added." in page


def test_an_account_is_one_timeline_with_its_amounts(vera: Client, case: Case) -> None:
    decide(vera, case, kind="partial_refund", amount="2")
    page = read(vera, f"/desk/customers/{case.account_id}")
    for words in ("$39.00, delivered", "Decision: $2.00", "Refund for JM-", case.label):
        assert words in page, words


def test_the_desk_is_there_for_those_who_work_there_and_for_nobody_else(
    case: Case, seller: Membership
) -> None:
    gone = accounts.hire(
        email="gone@desk.example",
        password="not-a-common-one",
        name="Gone Example",
        role=StaffRole.OPERATOR,
        actor=Actor.system("test"),
        now=now() - timedelta(days=9),
    )
    accounts.end_staff(
        user_id=gone.user_id,
        actor=Actor.system("test"),
        now=now() - timedelta(days=1),
        even_the_last=True,
    )
    strangers = [Client(), Client()]
    for client, user in zip(strangers, (seller.user, gone.user), strict=True):
        client.force_login(user)
    ids = {"case_id": case.pk, "order_id": case.subject_id, "account_id": case.account_id}
    ids["entry_id"] = str(queries.entries(case_id=case.pk, internal=True)[0].pk)
    for one in urlpatterns:
        path = "/" + re.sub(
            r"<\w+:(\w+)>", lambda found: str(ids.get(found[1], "1")), str(one.pattern)
        )
        signed_out = asked(Client(), path)
        assert signed_out.status_code == 302, path
        assert signed_out["Location"].startswith("/account/login/"), path
        assert [asked(one, path).status_code for one in strangers] == [404, 404], path
    assert not DecisionRecord.objects.exists()
    assert queries.case(case_id=case.pk).state == "open"


def test_what_cannot_be_done_keeps_what_was_typed(vera: Client, case: Case) -> None:
    later = f"{now() + timedelta(days=90):%Y-%m-%d}"
    for path, sent, status, told in (
        ("extend", {"text": "The bank is slow"}, 422, "Choose the day"),
        ("extend", {"text": "Slow", "until": later}, 409, "at most 30 days"),
        (
            "subject",
            {"category": "account_error", "records": "made up"},
            422,
            "has no record named",
        ),
        ("subject", {"category": "outage", "about": "JM-999999"}, 422, "has no record named"),
        (
            "approve-remedy",
            {"kind": "other", "sure": "on", "reason": "Kind", "signature": "x"},
            409,
            "have changed since",
        ),
    ):
        answer = vera.post(f"/desk/cases/{case.pk}/{path}", sent)
        page = answer.content.decode()
        assert (answer.status_code, told in page) == (status, True), sent
        typed = sent.get("text") or sent.get("records") or sent.get("reason") or sent["about"]
        assert typed in page
    assert queries.case(case_id=case.pk).category == "unused"


def test_a_mail_in_quarantine_is_read_and_let_out_at_the_desk(vera: Client, case: Case) -> None:
    message = letter(
        "ada@rings.example", f"Re: {email_references.tag(case.number, 'mangled12345')}", "Hi there"
    )
    arrive(message)
    (taken,) = queries.quarantine()
    page = f"/desk/mail/{taken.mail_id}"
    assert page in read(vera, "/desk")
    assert "Hi there" in read(vera, page)
    assert vera.post(f"{page}/dismiss", {"reason": ""}).status_code == 422
    assert vera.post(f"{page}/release").status_code == 302
    assert vera.get(page)["Location"].startswith("/desk/cases/")


@pytest.mark.parametrize("act", ["decline", "approve-remedy"])
def test_a_decision_that_cannot_be_made_while_the_processor_is_down_keeps_what_was_typed(
    vera: Client, case: Case, sandbox: Sandbox, act: str
) -> None:
    address = f"/desk/cases/{case.pk}"
    signature = re.search(r'name="signature" value="(\w+)"', read(vera, address))
    assert signature
    said = {**shown(read(vera, address)), "sure": "on", "reason": "It was all used on Monday."}
    said |= {"kind": "full_refund"} if act == "approve-remedy" else {}
    sandbox.panel("faults", down=True)
    answer = vera.post(f"{address}/{act}", said)
    sandbox.panel("faults", down=False)
    page = answer.content.decode()
    assert (answer.status_code, said["reason"] in page) == (503, True)
    assert f'value="{signature[1]}"' in page
    assert not DecisionRecord.objects.exists()
    assert vera.post(f"{address}/{act}", said).status_code == 302
