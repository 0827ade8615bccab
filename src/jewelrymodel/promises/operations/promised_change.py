"""Changing to a larger plan together with what is promised for its difference."""

from collections.abc import Collection
from datetime import datetime
from functools import partial

from django.conf import settings

from jewelrymodel.catalog import terms
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.signing import sign
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments.checkout_agreement import ConsentKind
from jewelrymodel.payments.models import PlanChange
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind
from jewelrymodel.promises.models import ChangePromise
from jewelrymodel.promises.queries import change_lines


def change_now(
    *,
    account_id: str,
    subscription_id: str,
    sku: str,
    prorated_at: datetime,
    quoted: str,
    promised: str,
    consents: Collection[ConsentKind],
    actor: Actor,
    now: datetime,
) -> PlanChange:
    """Return the change, agreed to with the signed promise that its page showed (clause 3.4), and
    then charged.

    *promised* is the digest of what was shown; the same again returns the first with its own.
    Raises QuoteChanged where something else would be promised now, NoEdition and PinnedTextDiffers
    where the text isn't at hand, and what the payments room's ``change_now`` raises.
    """
    return payments.change_now(
        account_id=account_id,
        subscription_id=subscription_id,
        sku=sku,
        prorated_at=prorated_at,
        quoted=quoted,
        consents=consents,
        actor=actor,
        now=now,
        keep=partial(_keep, account_id=account_id, promised=promised, now=now),
    )


def _keep(
    change: PlanChange,
    quote: payments.ChangeQuote,
    *,
    account_id: str,
    promised: str,
    now: datetime,
) -> None:
    if change.terms_edition is None:
        raise ValueError(f"{change.pk} says nothing of its terms")
    lines = change_lines(
        subscription=change.subscription,
        version=change.to_version,
        amount_minor=quote.amount_minor,
        credits_added=quote.credits,
        prorated_at=quote.prorated_at,
        text=terms.pinned(change.terms_edition),
        now=now,
    )
    if promise_document.shown_sha256(lines) != promised:
        raise payments.QuoteChanged
    said = PromiseDocument(PromiseKind.CHECKOUT, account_id, change.order_key, now, lines)
    signed = sign(promise_document.write(said), secret=settings.SIGNING_KEY)
    ChangePromise.objects.create(
        change=change, sha256=signed.sha256, made_at=now, **signed.to_json()
    )
