"""Addresses of a seller's own models."""

from django.urls import path

from jewelrymodel.web.customer.models import set_up, views

urlpatterns = [
    path("models", views.index, name="own_models"),
    path("models/new", views.ask, name="own_model_ask"),
    path("models/<str:model_id>", views.own_model, name="own_model"),
    path("models/<str:model_id>/picture", views.picture, name="own_model_picture"),
    path("models/<str:model_id>/ask-again", views.ask_again, name="own_model_ask_again"),
    path("models/<str:model_id>/set-up", set_up.page, name="own_model_set_up"),
    path("models/<str:model_id>/set-up/save", set_up.save, name="own_model_set_up_save"),
    path("models/<str:model_id>/set-up/preview", set_up.preview, name="own_model_set_up_preview"),
    path("models/<str:model_id>/set-up/paint", set_up.paint, name="own_model_set_up_paint"),
    path("models/<str:model_id>/set-up/front", set_up.front, name="own_model_set_up_front"),
    path("models/<str:model_id>/remove", views.remove, name="own_model_remove"),
]
