"""Links to clauses of the refund policy: ``{% load clauses %}``."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def clause_url(clause_id: str, edition_on: date | None = None) -> str:
    """Return the address of a clause, in the edition in force or in that of *edition_on*."""
    page = reverse("refund-policy")
    if edition_on is not None:
        page = reverse("refund-policy-edition", args=[edition_on])
    return f"{page}#clause-{clause_id}"


@register.simple_tag
def clause(clause_id: str, edition_on: date | None = None) -> SafeString:
    """Return a link that reads "Clause 3.2" and leads there."""
    label = _("Clause %(id)s") % {"id": clause_id}
    return format_html('<a href="{}">{}</a>', clause_url(clause_id, edition_on), label)
