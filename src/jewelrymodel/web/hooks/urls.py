"""Addresses under /hooks."""

from django.urls import path

from jewelrymodel.web.hooks import stripe

urlpatterns = [path("stripe", stripe.receive, name="hook_stripe")]
