"""A card that expires before the next renewal: its owner is told in time to replace it."""

import logging
from datetime import datetime

from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.payments import rules
from jewelrymodel.payments.adapters.stripe_subscriptions import subscriptions
from jewelrymodel.payments.gateway import ProcessorRefused
from jewelrymodel.payments.models import Subscription
from jewelrymodel.payments.operations.subscription_emails import send_card_expiry
from jewelrymodel.payments.processor_objects import RenewalCard

log = logging.getLogger(__name__)


def check_card(*, subscription_id: str, now: datetime) -> bool:
    """Mail where the card that a plan renews by has expired by then; return whether it was sent.

    Once for each period, and so for each card in it. Quiet about a plan that renews no more or is
    renewed already. Sent before it is noted: a crash in between repeats the mail rather than losing
    it. Raises ProcessorDown: it is looked at again. What the processor refuses to show isn't, so
    that it keeps no other card from its look.
    """
    with locked_in_transaction(f"payments.check_card:{subscription_id}"):
        ours = Subscription.objects.select_related("product_version").get(pk=subscription_id)
        is_over = not ours.renews or ours.period_ends_at <= now
        if is_over or ours.card_checked_for_at == ours.period_ends_at:
            return False
        card = _card(ours)
        expires = card is not None and rules.is_expired_at(card.last_day, ours.period_ends_at)
        sent = send_card_expiry(ours, card) if card is not None and expires else False
        Subscription.objects.filter(pk=ours.pk).update(card_checked_for_at=ours.period_ends_at)
        return sent


def _card(ours: Subscription) -> RenewalCard | None:
    try:
        return subscriptions().renewal_card(ours.processor_subscription_id)
    except ProcessorRefused as refused:
        log.warning("the card of subscription %s can't be looked at: %s", ours.pk, refused)
        return None
