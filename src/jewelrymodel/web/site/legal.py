"""Terms, privacy, imprint, contact: any edition, its very text, and what it changed."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.catalog.documents import Document
from jewelrymodel.catalog.legal_texts import editions, in_force
from jewelrymodel.infra import clock
from jewelrymodel.policy import legal_text
from jewelrymodel.policy.legal_text import LegalText


@require_safe
def newest(request: HttpRequest, document: Document) -> HttpResponse:
    """Show the edition in force; one that takes effect later is announced on it."""
    known = editions(document)
    if not known:
        raise Http404
    return _page(request, document, in_force(document, clock.now()) or known[-1], known)


@require_safe
def dated(request: HttpRequest, document: Document, edition_on: date) -> HttpResponse:
    """Show the edition of that day, however old."""
    known = editions(document)
    return _page(request, document, _of_day(known, edition_on), known)


@require_safe
def changes(request: HttpRequest, document: Document, edition_on: date) -> HttpResponse:
    """Show which paragraphs that edition changed."""
    known = editions(document)
    newer = _of_day(known, edition_on)
    older = _previous(newer, known)
    if older is None:
        raise Http404
    context = {
        "document": document,
        "older": older,
        "newer": newer,
        "changes": legal_text.compare(older, newer),
    }
    return render(request, "site/legal_changes.html", context)


@require_safe
def source(request: HttpRequest, document: Document, edition_on: date) -> HttpResponse:
    """Return the text as it was published: its SHA-256 is the one that is noted of who accepts."""
    text = _of_day(editions(document), edition_on).source_text
    return HttpResponse(text.encode(), content_type="text/markdown; charset=utf-8")


def _of_day(known: Sequence[LegalText], day: date) -> LegalText:
    for one in known:
        if one.date == day:
            return one
    raise Http404


def _previous(text: LegalText, known: Sequence[LegalText]) -> LegalText | None:
    return next((one for one in known if one.date < text.date), None)


def _page(
    request: HttpRequest, document: Document, text: LegalText, known: Sequence[LegalText]
) -> HttpResponse:
    now = clock.now()
    context = {
        "document": document,
        "text": text,
        "editions": known,
        "is_coming": text.starts_at > now,
        "is_in_force": text == in_force(document, now),
        "older": _previous(text, known),
        "coming": [one for one in known if one.starts_at > now and one != text],
    }
    return render(request, "site/legal.html", context)
