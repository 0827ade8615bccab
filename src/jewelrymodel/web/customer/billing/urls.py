"""Addresses of checkout and billing."""

from django.urls import path

from jewelrymodel.web.customer.billing import checkout, views

urlpatterns = [
    path("checkout/<slug:sku>", checkout.checkout, name="checkout"),
    path("billing", views.orders, name="billing"),
    path("billing/orders/<str:order_id>", views.order, name="order"),
    path("billing/orders/<str:order_id>/return", views.payment, name="payment"),
    path("billing/orders/<str:order_id>/cancel", views.cancel, name="cancel_order"),
    path("billing/orders/<str:order_id>/receipt.pdf", views.receipt, name="receipt"),
]
