"""Every address of the product's pages; each room of ``web`` lists its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("jewelrymodel.web.site.urls")),
    path("", include("jewelrymodel.web.customer.settings.urls")),
    path("", include("jewelrymodel.web.customer.credits.urls")),
    path("", include("jewelrymodel.web.customer.studio.urls")),
    path("", include("jewelrymodel.web.customer.library.urls")),
    path("", include("jewelrymodel.web.customer.models.urls")),
    path("", include("jewelrymodel.web.customer.billing.urls")),
    path("", include("jewelrymodel.web.customer.disputes.urls")),
    path("", include("jewelrymodel.web.customer.requests.urls")),
    path("", include("jewelrymodel.web.desk.urls")),
    path("hooks/", include("jewelrymodel.web.hooks.urls")),
]
