"""Addresses under /hooks."""

from django.urls import path

from jewelrymodel.web.hooks import generators, stripe

urlpatterns = [
    path("stripe", stripe.receive, name="hook_stripe"),
    path("generators/fal/<str:attempt_id>", generators.fal, name="hook_fal"),
]
