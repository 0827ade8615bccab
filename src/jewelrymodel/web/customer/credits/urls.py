"""Addresses under /credits."""

from django.urls import path

from jewelrymodel.web.customer.credits import proofs, views

urlpatterns = [
    path("credits", views.index, name="credits"),
    path("credits/proof.json", proofs.proof, name="credits-proof"),
]
