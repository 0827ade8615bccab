"""Telling the customer how their change of plan goes on; what is paid is told by its receipt."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, gettext_noop

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.infra import formats, languages, mail
from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.payments import queries
from jewelrymodel.payments.models import PlanChange
from jewelrymodel.payments.operations.period_orders import newest_order
from jewelrymodel.payments.statuses import PlanChangeState
from jewelrymodel.payments.tax_text import price_words

_SUBJECTS = {
    PlanChangeState.PAYMENT_DUE: gettext_noop("Please pay for your change to %(name)s"),
    PlanChangeState.SCHEDULED: gettext_noop("Your subscription renews as %(name)s"),
    PlanChangeState.UNDONE: gettext_noop("You’ve kept your %(present)s subscription"),
    PlanChangeState.FAILED: gettext_noop("Your %(present)s subscription wasn’t changed"),
}


def tell_plan_change(*, change_id: str) -> bool:
    """Mail that a change waits for its payment or the renewal, was undone, or came to nothing;
    return whether a mail was sent. Once for each.

    Sent before it is noted: a crash in between repeats the mail rather than losing it.
    """
    with locked_in_transaction(f"payments.tell_plan_change:{change_id}"):
        change = queries.plan_change(change_id=change_id)
        subject = _SUBJECTS.get(PlanChangeState(change.state))
        if subject is None or change.told_state == change.state:
            return False
        order = newest_order(change.subscription)
        with languages.speaking(accounts.language_of(account_id=order.account_id)):
            mail.compose(
                to=order.buyer_email,
                subject=gettext(subject) % _names(change),
                text=render_to_string("payments/plan_change_mail.txt", _words(change)),
            ).send()
        PlanChange.objects.filter(pk=change_id).update(told_state=change.state)
    return True


def _names(change: PlanChange) -> dict[str, str]:
    return {"name": change.to_version.name, "present": change.from_version.name}


def _words(change: PlanChange) -> dict[str, object]:
    version, ours = change.to_version, change.subscription
    present, behavior = ours.product_version, queries.tax_behavior_of(ours)
    billing = f"{settings.PUBLIC_URL}/billing"
    return {
        "change": change,
        "state": change.state,
        "to": version,
        "present": present,
        "subscription": ours,
        "is_over": not ours.is_live
        or (change.closed_at is not None and ours.period_ends_at <= change.closed_at),
        "price": price_words(version.price_minor, version.currency, behavior),
        "present_price": price_words(present.price_minor, present.currency, behavior),
        "amount": formats.money(change.amount_minor or 0, version.currency),
        "url": billing,
        "pay_url": f"{billing}/subscriptions/{ours.pk}/change/pay",
    }
