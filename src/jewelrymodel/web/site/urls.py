"""Addresses of the visitor's pages."""

from django.urls import path, register_converter

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web import confirmation_link, language
from jewelrymodel.web.acts import without_door
from jewelrymodel.web.site import (
    attestations,
    check_table,
    contact,
    crawlers,
    invitation,
    legal,
    model_agreement,
    policy,
    theme,
    views,
    withdrawal,
)
from jewelrymodel.web.site.converters import DayConverter, DocumentConverter

register_converter(DayConverter, "day")
register_converter(DocumentConverter, "document")

_public = [
    path("", views.home, name="home"),
    path("pricing", views.pricing, name="pricing"),
    path("refund-policy", policy.newest, name="refund-policy"),
    path("refund-policy/<day:edition_on>", policy.dated, name="refund-policy-edition"),
    path("refund-policy/<day:edition_on>/changes", policy.changes, name="refund-policy-changes"),
    path("refund-policy/<day:edition_on>.md", policy.source, name="refund-policy-source"),
    path("contact", contact.contact, name="contact"),
    path("withdraw", withdrawal.withdraw, name="withdraw"),
    path("<document:document>", legal.newest, name="legal"),
    path("<document:document>/<day:edition_on>", legal.dated, name="legal-edition"),
    path("<document:document>/<day:edition_on>/changes", legal.changes, name="legal-changes"),
    path("<document:document>/<day:edition_on>.md", legal.source, name="legal-source"),
    path("status", views.status, name="status"),
    path("status/attestations.json", attestations.published, name="attestations"),
    path("image-check", check_table.check_table, name="image-check"),
    path("confirmation-link", confirmation_link.send_again, name="confirmation-link"),
    path("language", language.choose, name="language"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("favicon.ico", crawlers.favicon, name="favicon"),
    path("theme", theme.choose, name="theme"),
]
_by_key = [
    path("invitation/<str:token>", invitation.invitation, name="invitation"),
    path("model-agreement/<str:token>", model_agreement.agreement, name="model_agreement"),
    path("model-agreement/<str:token>/photo", model_agreement.photo, name="model_agreement_photo"),
    path("model-revocation/<str:token>", model_agreement.revocation, name="model_revocation"),
]
urlpatterns = [*without_door(Act.VISIT, _public), *without_door(Act.USE_KEY, _by_key)]
