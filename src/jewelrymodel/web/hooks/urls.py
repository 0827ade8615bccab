"""Addresses under /hooks."""

from django.urls import path

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web.acts import without_door
from jewelrymodel.web.hooks import generators, stripe

_by_key = [
    path("stripe", stripe.receive, name="hook_stripe"),
    path("generators/fal/<str:attempt_id>", generators.fal, name="hook_fal"),
]
urlpatterns = without_door(Act.USE_KEY, _by_key)
