"""Telling the customer that a renewal could not be collected."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from jewelrymodel.infra import mail
from jewelrymodel.payments.models import Order, Subscription
from jewelrymodel.payments.values import SubscriptionState


def warn_past_due(*, subscription_id: str) -> bool:
    """Mail that the renewal failed, what that cost (nothing) and what to do; return if it was sent.

    Quiet where the renewal was collected meanwhile.
    """
    ours = Subscription.objects.select_related("product_version").get(pk=subscription_id)
    if ours.state != SubscriptionState.PAST_DUE:
        return False
    order = Order.objects.filter(subscription=ours).order_by("-created_at").first()
    if order is None:
        return False
    words = {"subscription": ours, "url": f"{settings.PUBLIC_URL}/billing"}
    mail.compose(
        to=order.buyer_email,
        subject=_("Your plan %(name)s could not be renewed") % {"name": ours.product_version.name},
        text=render_to_string("payments/past_due_mail.txt", words),
    ).send()
    return True
