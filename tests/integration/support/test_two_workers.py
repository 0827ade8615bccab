"""Two workers at once, on real connections: one mail out, one case for one mail in."""

import pytest
from django.conf import settings
from django.core import mail as sent

from jewelrymodel.disputes import operations as disputes
from jewelrymodel.infra import mail
from jewelrymodel.payments import operations as paying
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations, queries
from jewelrymodel.support.models import Case, InboundEmail
from jewelrymodel.support.statuses import Channel
from tests.support.bank import Bank
from tests.support.inbound_email import letter
from tests.support.shop import Sandbox, now, register, register_terms
from tests.support.threads import at_once

pytestmark = pytest.mark.usefixtures("committing_db")


def test_a_message_is_mailed_once() -> None:
    register_terms()
    seller = register()
    case = operations.open_case(
        opening=operations.Opening(
            account_id=seller.account_id,
            email=seller.user.email,
            identity_level=3,
            channel=Channel.FORM,
            category="other",
            subject=Subject(SubjectKind.ACCOUNT, ""),
            explanation="Please look.",
        ),
        now=now(),
    )
    entry = queries.entries(case_id=case.pk, internal=False)[-1]
    told = at_once(lambda: operations.mail_entry(entry_id=entry.pk, now=now()), 4)
    assert sorted(told) == [False, False, False, True]
    assert len(sent.outbox) == 1


def test_a_mail_is_taken_once() -> None:
    register_terms()
    message = letter("ada@rings.example", "Help", "It failed", Message_ID="<1@else.example>")
    kept = mail.keep(
        envelope_from="ada@rings.example",
        envelope_to=[settings.SUPPORT_EMAIL],
        raw=bytes(message),
        now=now(),
    )
    told = at_once(lambda: operations.receive_email(mail_id=kept.pk, now=now()), 3)
    assert len(set(told)) == 1, "whoever comes later finds what was done"
    assert (Case.objects.count(), InboundEmail.objects.count()) == (1, 1)
    operations.receive_email(mail_id=kept.pk, now=now())
    assert Case.objects.count() == 1


def test_what_is_noted_after_it_was_sent_is_sent_once(sandbox: Sandbox) -> None:
    """A fact's job and the sweeper's come at once: one receipt, one word on a dispute."""
    register_terms()
    bank = Bank(sandbox, register())
    order = bank.buy("bench")
    told = at_once(lambda: paying.confirm_order(order_id=order.pk, now=now()), 4)
    assert (sorted(told)[-1], len(sent.outbox)) == (True, 1)
    dispute_id = bank.dispute(order, "subscription_canceled").pk
    told = at_once(lambda: disputes.notify_customer(dispute_id=dispute_id, now=now()), 4)
    assert (told.count(True), len(sent.outbox)) == (1, 2)
    plan = order.subscription_id or ""
    told = at_once(lambda: paying.tell_renewing(subscription_id=plan), 4)
    assert (told.count(True), len(sent.outbox)) == (1, 3)
