"""Canceling a plan together with what is promised for it."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.signing import sign
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.models import Subscription
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind
from jewelrymodel.promises.models import CancellationPromise
from jewelrymodel.promises.queries import cancellation_lines


@transaction.atomic
def cancel_subscription(
    *, account_id: str, subscription_id: str, actor: Actor, now: datetime
) -> Subscription:
    """Return the subscription, canceled with the promise that its page showed, signed (3.4).

    Again, it changes nothing and promises nothing more. Raises what the payments room's
    ``cancel_subscription`` raises.
    """
    ours = payments.cancel_subscription(
        account_id=account_id, subscription_id=subscription_id, actor=actor, now=now
    )
    if ours.cancel_requested_at == now:
        _keep(ours, now)
    return ours


def _keep(ours: Subscription, now: datetime) -> None:
    lines = cancellation_lines(subscription=ours, now=now)
    if not lines:  # no paid month that could be promised to stay, or no text that says so
        return
    said = PromiseDocument(
        PromiseKind.CANCELLATION, ours.account_id, ours.pk, now, lines, ours.period_ends_at
    )
    signed = sign(promise_document.write(said), secret=settings.SIGNING_KEY)
    CancellationPromise.objects.create(
        subscription=ours,
        account_id=ours.account_id,
        sha256=signed.sha256,
        made_at=now,
        **signed.to_json(),
    )
