"""Addresses: each front end brings its own list."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from jewelrymodel.accounts.rights import Act
from jewelrymodel.config.health import healthz
from jewelrymodel.config.metrics import metrics
from jewelrymodel.web.acts import without_door

_ours: list[URLPattern | URLResolver] = [path("", include("jewelrymodel.web.urls"))]
_public: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
]
_sign_in: list[URLPattern | URLResolver] = [
    path("account/sessions/", RedirectView.as_view(pattern_name="settings-devices")),
    path("account/", include("allauth.urls")),
]
handler500 = "jewelrymodel.web.unavailable.server_error"
urlpatterns = [
    *without_door(Act.VISIT, _public),
    *without_door(Act.SIGN_IN, _sign_in),
    *_ours,
]

if settings.DEMO:
    of_demo = [path("demo/", include("jewelrymodel.demo.urls"))]
    urlpatterns += without_door(Act.VISIT, of_demo)
