"""Addresses of requests."""

from django.urls import path

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web.acts import without_door
from jewelrymodel.web.customer.requests import cases, new_request

urlpatterns = [
    path("requests", cases.index, name="requests"),
    path("requests/new", new_request.new, name="request_new"),
    *without_door(
        Act.USE_KEY,
        [path("requests/confirm/<str:token>", cases.confirm, name="request_confirm")],
    ),
    path("requests/decisions/<str:decision_id>.json", cases.decision_file, name="decision_file"),
    path("requests/decisions/<str:decision_id>", cases.decision, name="decision"),
    path("requests/<str:case_id>", cases.case, name="request"),
    path("requests/<str:case_id>/withdraw", cases.withdraw, name="request_withdraw"),
    path("requests/<str:case_id>/example", cases.example, name="request_example"),
    path("requests/<str:case_id>/messages/<int:entry_id>", cases.message, name="request_message"),
    path("requests/<str:case_id>/pictures/<str:picture_id>", cases.picture, name="request_picture"),
]
