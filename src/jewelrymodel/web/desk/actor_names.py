"""Who did something: people by their names, the service's own parts by what they do."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from jewelrymodel.accounts import queries
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.support.statuses import INTAKE, LATE, REFUNDED, REPORTS


def names(actors: Iterable[str]) -> dict[str, str]:
    """Return each stored actor's name: that of ``user:4`` is Vera Example."""
    parsed = {text: Actor.parse(text) for text in actors if text}
    ids = {one.user_id for one in parsed.values() if one.user_id is not None}
    people = queries.names_of(user_ids=ids)
    systems = _systems()
    named = {
        text: people.get(one.user_id) if one.user_id is not None else systems.get(one)
        for text, one in parsed.items()
    }
    return {text: named.get(text) or text for text in {"", *parsed}}


def _systems() -> dict[Actor, str]:
    return {
        CUSTOMER: _("customer"),
        Actor.system("demo"): _("demo data"),
        Actor.system("account-erasure"): _("automatic, when the account’s data was deleted"),
        Actor.system("command-line"): _("somebody at the command line"),
        Actor.system("confirmed"): _("automatic, when a confirmed decision was refused"),
        Actor.system("disputes"): _("automatic dispute check"),
        Actor.system("late"): _("sent automatically, because our answer is late"),
        Actor.system("mail"): _("email intake"),
        Actor.system("policy"): _("the policy’s own rules"),
        Actor.system("prepare"): _("automatic, at the start of a new version"),
        Actor.system("payments.close_unpaid_plans"): _("automatic check of unpaid subscriptions"),
        Actor.system("support.notify_refunded"): _(
            "sent automatically, when the payment processor refunded the order"
        ),
        Actor.system("acknowledgement"): _("sent automatically"),
        Actor.system("confirmation"): _("sent automatically"),
        INTAKE: _("noted automatically"),
        LATE: _("sent automatically, because our answer is late"),
        REFUNDED: _("sent automatically, when the payment processor refunded the order"),
        REPORTS: _("report of an email server"),
        Actor.system("own-model"): _("the person in the photo, by their link"),
        Actor.system("own-model-term"): _("automatic, when the term was over"),
        Actor.system("payments.book_charge"): _("automatic, when the charge was recorded"),
        Actor.system("payments.settle_order"): _("automatic payment check"),
        Actor.system("payments.settle_plan_change"): _("automatic check of changes of plan"),
        Actor.system("payments.settle_subscription"): _("automatic subscription check"),
        Actor.system("processor"): _("payment processor"),
        Actor.system("reconcilers"): _("automatic reconciliation"),
        Actor.system("refunds"): _("automatic, when the refund was made"),
        Actor.system("remedies"): _("automatic update"),
        Actor.system("self-check"): _("self-check"),
        Actor.system("withdrawal"): _("automatic, as the law requires"),
    }
