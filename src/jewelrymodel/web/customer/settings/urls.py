"""Addresses under /settings."""

from django.urls import path

from jewelrymodel.web.customer.settings import views

urlpatterns = [
    path("", views.index, name="settings"),
    path("/person", views.change_person, name="settings-person"),
    path("/account", views.change_account, name="settings-account"),
]
