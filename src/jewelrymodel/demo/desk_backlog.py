"""What waits for the desk: an order in review, a second approval, a message that failed."""

from datetime import datetime, timedelta

from jewelrymodel.demo import stand_ins
from jewelrymodel.demo.seller import Seller
from jewelrymodel.infra import webhook_inbox
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order
from jewelrymodel.policy.decision import RemedyKind
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies.assessments import Chosen, Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries as cases
from jewelrymodel.support import reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.statuses import Channel

TAX_PERCENT = 10
LAUNCH_CREDITS = 600


def fill(*, seller: Seller, agent: int, now: datetime) -> None:
    """Let the desk have something of each sort to do."""
    _await_second_approval(seller, agent, now - timedelta(hours=20))
    _fail_message(seller, now - timedelta(hours=9))
    _hold_order(seller, now - timedelta(hours=5))


def _hold_order(seller: Seller, at: datetime) -> None:
    """The processor adds a tax that the order doesn't have: a person has to look at it."""
    seller.at = at
    stand_ins.set_faults(tax_percent=TAX_PERCENT)
    try:
        seller.buy("tray")
    finally:
        stand_ins.set_faults(tax_percent=0)
    reconcilers.run(now=seller.at)


def _await_second_approval(seller: Seller, agent: int, at: datetime) -> None:
    """An agent gives more than one person may."""
    case = support.open_case(
        opening=support.Opening(
            account_id=seller.account_id,
            email=seller.email,
            identity_level=3,
            channel=Channel.FORM,
            category=Category.OUTAGE,
            subject=Subject(SubjectKind.ORDER, _oldest(seller).pk),
            explanation="Generating was down on the morning of our launch. We had to postpone it.",
        ),
        now=at,
    )
    decided_at = at + timedelta(hours=2)
    request = cases.request_facts(case)
    if request is None:
        return
    support.decide_case(
        case_id=case.pk,
        signature=remedies.assess(request=request, now=decided_at).signature,
        remedies_chosen=[Chosen(RemedyKind.REPLACEMENT_CREDITS, credits=LAUNCH_CREDITS)],
        reason="The outage fell on the morning of your launch, and we’re sorry.",
        user_id=agent,
        now=decided_at,
    )


def _fail_message(seller: Seller, at: datetime) -> None:
    """A message about a charge fails at every attempt, and waits for a person."""
    charge = queries.charges_of_order(order_id=_oldest(seller).pk)[0]
    message, _is_new = webhook_inbox.receive(
        source=payments.INBOX,
        external_id="evt_invented_for_the_demo",
        payload={
            "type": "charge.updated",
            "object": "charge",
            "object_id": charge.processor_charge_id,
            "order_id": charge.order_id,
        },
        task_name=payments.PROCESS,
        now=at,
    )
    for attempt in range(webhook_inbox.MOST_ATTEMPTS):
        tried_at = at + attempt * webhook_inbox.LONGEST_WAIT
        webhook_inbox.begin(message_id=message.pk, now=tried_at)
        webhook_inbox.fail(
            message_id=message.pk,
            error="OperationalError: invented for the demo: the database was being restored",
            now=tried_at,
        )


def _oldest(seller: Seller) -> Order:
    return queries.orders(account_id=seller.account_id)[-1]
