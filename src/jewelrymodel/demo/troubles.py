"""What goes wrong in the demo, and how it is put right: by the operations, at past instants."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from django.conf import settings

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.accounts.roles import BuyerCapacity, StaffRole
from jewelrymodel.demo import desk_backlog, stand_ins
from jewelrymodel.demo.personas import AGENTS, OPERATORS, PASSWORD
from jewelrymodel.demo.seller import Seller
from jewelrymodel.disputes import operations as disputes
from jewelrymodel.incidents import operations as incidents
from jewelrymodel.infra import mail
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import Order
from jewelrymodel.remedies import operations as remedies
from jewelrymodel.remedies import queries as decided
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support import operations as support
from jewelrymodel.support import queries as cases
from jewelrymodel.support import reconcilers
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.rules import business_days, email_references
from jewelrymodel.support.statuses import Channel

ACTOR = Actor.system("demo")


def hire(now: datetime) -> int:
    """Let the desk's people begin; return the id of the first agent."""
    begun = now - timedelta(days=60)
    roles = [(one, StaffRole.AGENT) for one in AGENTS]
    roles += [(one, StaffRole.OPERATOR) for one in OPERATORS]
    hired = [
        accounts.hire(
            email=one.email, password=PASSWORD, name=one.name, role=role, actor=ACTOR, now=begun
        )
        for one, role in roles
    ]
    return hired[0].user_id


def live(*, agent: int, asker: Seller, now: datetime) -> None:
    """Let a seller meet every trouble once: duplicate, undelivered, outage, disputes, a review.

    *asker* has written to us, and waits longer than was promised; somebody else meddles.
    """
    otto = Seller(
        "otto@brooches.example",
        "Example Brooches",
        "US",
        BuyerCapacity.BUSINESS,
        now - timedelta(days=27, hours=5),
    )
    otto.sign_up()
    otto.buy("tray")
    won = _newest(otto)
    otto.wait(days=2)
    _won_dispute(otto, won)
    otto.wait(days=4)
    otto.buy("case")
    _charged_twice(otto, _newest(otto))
    otto.wait(days=5)
    _undelivered(otto)
    otto.wait(days=6)
    otto.buy("tray")
    disputed = _newest(otto)
    _outage(now)
    _meddle(_late_request(asker, agent, now), now)
    otto.at = now - timedelta(days=2)
    _open_dispute(otto, disputed)
    _try_a_plan(otto)
    desk_backlog.fill(seller=otto, agent=agent, now=now)


def _newest(seller: Seller) -> Order:
    return queries.orders(account_id=seller.account_id)[0]


def _charged_twice(seller: Seller, order: Order) -> None:
    """The processor takes the money again; we notice, refund, and write it down ourselves."""
    stand_ins.set_processor_clock(seller.at)
    hint = stand_ins.charge_again(_charge_of(order), order_id=order.pk)
    payments.handle_event(hint, now=seller.at)
    seller.wait(minutes=2)
    reconcilers.run(now=seller.at)
    _finish_refunds(seller)


def _undelivered(seller: Seller) -> None:
    """The news of a payment is lost; minutes later we find it ourselves."""
    seller.buy("tray", looks_after=False)
    seller.wait(minutes=20)
    reconcilers.run(now=seller.at)
    _notify(seller)


def _outage(now: datetime) -> None:
    begun = now - timedelta(days=2, hours=4)
    incident = incidents.open_incident(
        feature="studio",
        title="Generating was down",
        note="A disk of the renderers was full.",
        started_at=begun,
        actor=ACTOR,
        reason="invented for the demo",
        now=begun + timedelta(minutes=5),
    )
    incidents.close_incident(
        incident_id=incident.pk,
        ended_at=begun + timedelta(minutes=95),
        actor=ACTOR,
        reason="invented for the demo",
        now=begun + timedelta(minutes=96),
    )


def _late_request(seller: Seller, agent: int, now: datetime) -> Case:
    """A request that was extended, and whose promised update is an hour overdue."""
    case = support.open_case(
        opening=support.Opening(
            account_id=seller.account_id,
            email=seller.email,
            identity_level=3,
            channel=Channel.FORM,
            category=Category.UNUSED,
            subject=Subject(SubjectKind.ORDER, _newest(seller).pk),
            explanation="I have used hardly any of it. Can I have some of my money back?",
        ),
        now=now - timedelta(days=9),
    )
    overdue_since = now - timedelta(hours=1)
    works = business_days.is_business_day(overdue_since.astimezone(business_days.ZONE).date())
    if case.due_at < overdue_since and works:
        case = support.extend(
            case_id=case.pk,
            to=overdue_since,
            reason="The bank has not answered yet.",
            user_id=agent,
            now=case.due_at - timedelta(hours=1),
        )
    return case


def _meddle(case: Case, now: datetime) -> None:
    """Somebody knows a request's key and not its owner's mailbox: their mail is put aside."""
    at = now - timedelta(hours=7)
    message = EmailMessage()
    message["From"] = "Somebody Else <somebody@else.example>"
    message["To"] = settings.SUPPORT_EMAIL
    message["Subject"] = f"Re: your request {email_references.tag(case.number, case.thread_key)}"
    message["Message-ID"] = "<meddling@else.example>"
    message.set_content("Please send the money to my card instead, the number is on its way.")
    stored = mail.keep(
        envelope_from="somebody@else.example",
        envelope_to=[settings.SUPPORT_EMAIL],
        raw=message.as_bytes(),
        now=at,
    )
    support.receive_email(mail_id=stored.pk, now=at)


def _try_a_plan(seller: Seller) -> None:
    """A plan is taken, and canceled within the hour: it is kept until its month is over."""
    seller.wait(hours=3)
    seller.buy("bench")
    seller.wait(minutes=40)
    (plan,) = queries.subscriptions(account_id=seller.account_id)
    payments.cancel_subscription(
        account_id=seller.account_id,
        subscription_id=plan.pk,
        actor=Actor.user(seller.membership.user_id),
        now=seller.at,
    )


def _won_dispute(seller: Seller, order: Order) -> None:
    """A bank asks, and decides for us: what was suspended is reinstated."""
    stand_ins.set_processor_clock(seller.at)
    dispute_id = stand_ins.dispute(_charge_of(order), reason="product_unacceptable")
    _mirror(dispute_id, seller.at)
    seller.wait(days=3)
    stand_ins.set_processor_clock(seller.at)
    stand_ins.decide_dispute(dispute_id, outcome="won")
    _mirror(dispute_id, seller.at)


def _open_dispute(seller: Seller, order: Order) -> None:
    stand_ins.set_processor_clock(seller.at)
    dispute_id = stand_ins.dispute(_charge_of(order), reason="product_not_received")
    _mirror(dispute_id, seller.at)


def _mirror(dispute_id: str, at: datetime) -> None:
    mirrored = payments.mirror_dispute(processor_dispute_id=dispute_id, now=at)
    if mirrored is not None:
        disputes.apply_state(dispute_id=mirrored.pk, now=at)


def _charge_of(order: Order) -> str:
    return queries.charges_of_order(order_id=order.pk)[0].processor_charge_id


def _finish_refunds(seller: Seller) -> None:
    for refund in queries.refunds(account_id=seller.account_id):
        payments.follow_refund(refund_id=refund.pk, now=seller.at)
        remedies.settle_refund_remedy(refund_id=refund.pk, now=seller.at)
    _notify(seller)


def _notify(seller: Seller) -> None:
    """Say how far the remedies are, on the day on which they were carried out."""
    for decision in decided.decisions(account_id=seller.account_id):
        case = cases.case_of_decision(decision_id=decision.pk)
        if case is not None:
            support.notify_progress(case_id=case.pk, decision=decision, now=seller.at)
