"""Addresses about disputes."""

from django.urls import path

from jewelrymodel.web.customer.disputes import views

urlpatterns = [
    path("billing/orders/<str:order_id>/dispute", views.of_order, name="order_dispute"),
]
