"""Addresses: each front end brings its own list."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from jewelrymodel.config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
    path("", include("jewelrymodel.web.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("jewelrymodel.demo.urls")))
