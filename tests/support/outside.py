"""The world around the service: its stand-ins' controls, and people who were there before."""

import json
import smtplib
from email.message import EmailMessage
from typing import Any

import httpx

from tests.support.inside import command_inside, run_inside
from tests.support.service import Service

PASSWORD = "demo-demo-demo"
KEY = {"Authorization": "Bearer sk_test_sandbox_demo"}
TIMEOUT_S = 30
SUPPORT = "support@jewelrymodel.example"
_OPEN = """
from datetime import timedelta
from jewelrymodel.accounts import operations as accounts
from jewelrymodel.infra import clock
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
now = clock.now()
before = now - timedelta(days=30)  # a new account would be welcomed with free images
person = accounts.register(
    email={email!r}, password={password!r}, account_name={email!r}, now=before
)
ledger.grant(
    account_id=person.account_id, source=LotSource.PROMOTION, source_ref="test", paid_minor=0,
    quantity={credits}, currency="USD", expires_at=None, idempotency_key={email!r}, now=now,
)
"""
_JOIN = """
from allauth.account.models import EmailAddress
from jewelrymodel.accounts.models import Membership, User
from jewelrymodel.infra import clock
user = User.objects.create_user({email!r}, {password!r})
EmailAddress.objects.create(user=user, email={email!r}, primary=True, verified=True)
account = Membership.objects.get(user__email={of!r}).account
Membership.objects.create(account=account, user=user, role={role!r}, joined_at=clock.now())
"""


def open_account(service: Service, email: str, *, given: int) -> None:
    """Have somebody there who confirmed *email* and was *given* credits, by the operations."""
    code = _OPEN.format(email=email, password=PASSWORD, credits=given)
    run_inside(service, code)


def add_member(service: Service, email: str, *, of: str, role: str) -> None:
    """Have somebody there who belongs to the account of *of*, in this role only."""
    code = _JOIN.format(email=email, password=PASSWORD, of=of, role=f"{role}")
    run_inside(service, code)


def run(service: Service, *command: str) -> str:
    """What a command of the operator said; fails unless its exit status is 0."""
    return command_inside(service, *command)


def spoil_processor(service: Service, **faults: Any) -> None:
    """Set faults of the payment processor's stand-in."""
    _set(service.port + 1, faults)


def spoil_next_job(service: Service, behaviour: str) -> None:
    """Make the hosted generator's stand-in treat its next job so, then be honest again."""
    _set(service.port + 2, {"behaviour": behaviour, "times": 1})


def _set(port: int, faults: dict[str, Any]) -> None:
    url = f"http://127.0.0.1:{port}/_sandbox/faults"
    httpx.post(url, json=faults, timeout=TIMEOUT_S).raise_for_status()


def checkout_at_processor(service: Service, session_id: str) -> dict[str, Any]:
    """What the processor knows of a payment page."""
    url = f"http://127.0.0.1:{service.port + 1}/v1/checkout/sessions/{session_id}"
    answer = httpx.get(url, headers=KEY, timeout=TIMEOUT_S).raise_for_status()
    return dict(json.loads(answer.content))


def refunds_at_processor(service: Service, *, amount_minor: int) -> int:
    """How many refunds of that amount the processor has made."""
    url = f"http://127.0.0.1:{service.port + 1}/v1/refunds?limit=100"
    answer = httpx.get(url, headers=KEY, timeout=TIMEOUT_S).raise_for_status()
    return [one["amount"] for one in json.loads(answer.content)["data"]].count(amount_minor)


def send_mail(service: Service, sender: str, subject: str, text: str) -> None:
    """Send a mail to support, as a mail program would."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, SUPPORT, subject
    message["Message-ID"] = f"<{abs(hash((sender, subject, text)))}@story.example>"
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", service.port + 3) as server:
        server.send_message(message)
