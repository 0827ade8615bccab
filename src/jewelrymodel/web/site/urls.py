"""Addresses of the visitor's pages."""

from django.urls import path

from jewelrymodel.web.site import theme, views

urlpatterns = [
    path("", views.home, name="home"),
    path("theme", theme.choose, name="theme"),
]
