"""An agent at the desk: a case to open, its page to read, its form to send."""

import re

from django.test import Client

from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.accounts.roles import Role
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as deciding
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.remedies.models import DecisionRecord
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations import Opening
from jewelrymodel.support.statuses import UNDO_TIME, Channel
from tests.support.shop import now


def open_case(order: Order, seller: Membership) -> Case:
    return operations.open_case(
        opening=Opening(
            account_id=seller.account_id,
            email=seller.user.email,
            identity_level=3,
            channel=Channel.FORM,
            category="unused",
            subject=Subject(SubjectKind.ORDER, order.pk),
            explanation="I did not use it.",
        ),
        now=now(),
    )


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def wait_until_decided() -> list[DecisionRecord]:
    """Ten seconds pass: what was confirmed is carried out as the worker does; the decisions."""
    decisions = []
    for one in queries.due_decisions(before=now() + UNDO_TIME):
        done = operations.carry_out_confirmed(confirmed_id=one, now=now() + UNDO_TIME)
        for row in DecisionRecord.objects.filter(pk=done.decision_id):
            decisions.append(deciding.carry_out(decision_id=row.pk, now=now()))
    return decisions


def shown(page: str) -> dict[str, str]:
    """What a form of the page sends along: the facts and the message that were shown."""
    return dict(re.findall(r'name="(signature|read_up_to)" value="(\w+)"', page))


def decide(client: Client, case: Case, act: str = "approve-remedy", **sent: str) -> int:
    page = read(client, f"/desk/cases/{case.pk}")
    told = {"sure": "on", "reason": "A first purchase.", **shown(page), **sent}
    status = client.post(f"/desk/cases/{case.pk}/{act}", told).status_code
    wait_until_decided()
    return status


def join(case: Case, first_name: str) -> None:
    """Let somebody of the desk belong to the account of *case* as well."""
    colleague = User.objects.get(first_name=first_name, staff_member__isnull=False)
    Membership.objects.create(
        account_id=case.account_id or "", user=colleague, role=Role.BILLER, joined_at=now()
    )
