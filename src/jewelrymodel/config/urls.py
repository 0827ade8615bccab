"""Addresses: each front end brings its own list."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from jewelrymodel.config.health import healthz

# The staff configuration has no door of its own: whoever set a second factor is asked for it.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as allauth says

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("admin/", admin.site.urls),
    path("account/sessions/", RedirectView.as_view(pattern_name="settings-devices")),
    path("account/", include("allauth.urls")),
    path("", include("jewelrymodel.web.urls")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("jewelrymodel.demo.urls")))
