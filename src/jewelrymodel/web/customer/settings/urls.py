"""Addresses under /settings."""

from django.urls import path

from jewelrymodel.web.customer.settings import closing, data_export, devices, people, views

urlpatterns = [
    path("settings", views.index, name="settings"),
    path("settings/person", views.change_person, name="settings-person"),
    path("settings/account", views.change_account, name="settings-account"),
    path("settings/account/choose", views.choose_account, name="settings-choose-account"),
    path("settings/people", people.index, name="settings-people"),
    path("settings/people/invite", people.invite, name="settings-people-invite"),
    path(
        "settings/people/invitations/<str:invitation_id>/revoke",
        people.revoke,
        name="settings-people-revoke",
    ),
    path("settings/people/<int:member_id>", people.change, name="settings-people-change"),
    path("settings/devices", devices.index, name="settings-devices"),
    path("settings/devices/end", devices.end, name="settings-devices-end"),
    path("settings/data", data_export.index, name="settings-data"),
    path("settings/data/ask", data_export.ask, name="settings-data-ask"),
    path("settings/data/download", data_export.download, name="settings-data-download"),
    path("settings/data/file", data_export.file, name="settings-data-file"),
    path("settings/close", closing.index, name="settings-close"),
    path("settings/close/confirm", closing.close, name="settings-close-confirm"),
    path("settings/closed", closing.closed, name="account-closed"),
    path("settings/closed/keep", closing.keep, name="account-keep"),
]
