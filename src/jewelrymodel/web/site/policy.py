"""The refund policy: any edition, clause by clause, and the very text that its hash is of."""

from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.policy.editions import Edition, load_editions


@cache
def _editions(directory: Path) -> tuple[Edition, ...]:
    """Editions are immutable files: read once in each process."""
    names = {"brand": settings.BRAND, "support_email": settings.SUPPORT_EMAIL}
    return load_editions(directory / "refund", names)


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Show the latest edition."""
    return _page(request, _editions(settings.TERMS_DIR)[0])


@require_safe
def dated(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Show the edition of that day, however old."""
    return _page(request, _edition(edition_on))


@require_safe
def source(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Return the file as it is shipped: its SHA-256 is the one that orders record."""
    text = _edition(edition_on).source_text
    return HttpResponse(text.encode(), content_type="text/markdown; charset=utf-8")


def _edition(edition_on: date) -> Edition:
    for edition in _editions(settings.TERMS_DIR):
        if edition.date == edition_on:
            return edition
    raise Http404


def _page(request: HttpRequest, edition: Edition) -> HttpResponse:
    editions = _editions(settings.TERMS_DIR)
    context = {"edition": edition, "editions": editions, "is_newest": edition is editions[0]}
    return render(request, "site/policy.html", context)
