"""Addresses of a seller's own models."""

from django.urls import path

from jewelrymodel.web.customer.models import views

urlpatterns = [
    path("models", views.index, name="own_models"),
    path("models/new", views.ask, name="own_model_ask"),
    path("models/<str:model_id>", views.own_model, name="own_model"),
    path("models/<str:model_id>/picture", views.picture, name="own_model_picture"),
    path("models/<str:model_id>/ask-again", views.ask_again, name="own_model_ask_again"),
    path("models/<str:model_id>/remove", views.remove, name="own_model_remove"),
]
