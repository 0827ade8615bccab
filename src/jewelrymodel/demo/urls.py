"""Addresses that exist in the demo only."""

from django.urls import URLPattern, URLResolver, path

from jewelrymodel.demo import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="demo"),
    path("become", views.become, name="demo-become"),
    path("time", views.time, name="demo-time"),
    path("outbox", views.outbox, name="demo-outbox"),
    path("outbox/<str:message_id>", views.message, name="demo-message"),
    path("outbox/<str:message_id>/html", views.message_html, name="demo-message-html"),
]
