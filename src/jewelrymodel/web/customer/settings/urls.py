"""Addresses under /settings."""

from django.urls import path

from jewelrymodel.web.customer.settings import views

urlpatterns = [
    path("settings", views.index, name="settings"),
    path("settings/person", views.change_person, name="settings-person"),
    path("settings/account", views.change_account, name="settings-account"),
]
