"""Addresses of checkout and billing."""

from django.urls import path

from jewelrymodel.web.customer.billing import (
    checkout,
    plan_change,
    subscriptions,
    views,
    withdrawal,
)
from jewelrymodel.web.former_addresses import former_path

urlpatterns = [
    path("checkout/<slug:sku>", checkout.checkout, name="checkout"),
    path("billing", views.orders, name="billing"),
    path(
        "billing/subscriptions/<str:subscription_id>/cancel",
        subscriptions.cancel,
        name="cancel_subscription",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/resume",
        subscriptions.resume,
        name="resume_subscription",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/promise.json",
        subscriptions.promise,
        name="cancellation_promise",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/pay",
        subscriptions.pay,
        name="pay_renewal",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/card",
        subscriptions.change_card,
        name="change_card",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/change",
        plan_change.plans,
        name="change_plan",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/change/pay",
        plan_change.pay,
        name="pay_change",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/change/undo",
        plan_change.undo,
        name="undo_change",
    ),
    path(
        "billing/subscriptions/<str:subscription_id>/change/to/<slug:plan>",
        plan_change.change,
        name="change_plan_to",
    ),
    former_path("billing/plans/<str:subscription_id>/cancel", now="cancel_subscription"),
    former_path("billing/plans/<str:subscription_id>/resume", now="resume_subscription"),
    path("billing/orders/<str:order_id>", views.order, name="order"),
    path("billing/orders/<str:order_id>/withdraw", withdrawal.withdraw, name="withdraw_order"),
    path("billing/orders/<str:order_id>/return", views.payment, name="payment"),
    path("billing/orders/<str:order_id>/pay", views.pay, name="pay_order"),
    path("billing/orders/<str:order_id>/cancel", views.cancel, name="cancel_order"),
    path("billing/orders/<str:order_id>/promise.json", views.promise, name="order_promise"),
    path("billing/orders/<str:order_id>/receipt.pdf", views.receipt, name="receipt"),
    path("billing/credit-notes/<str:credit_note_id>.pdf", views.credit_note, name="credit_note"),
]
