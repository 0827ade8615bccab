"""The refund policy: any edition, clause by clause, and the very text that its hash is of."""

from collections.abc import Sequence
from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.catalog.terms import editions, in_force
from jewelrymodel.infra import clock
from jewelrymodel.policy import edition_diff, editions_in_force
from jewelrymodel.policy.edition_reader import Edition


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Show the edition in force; one that takes effect later is announced on it."""
    known = editions()
    if not known:
        raise Http404
    return _page(request, None, known)


@require_safe
def dated(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Show the edition of that day, however old."""
    known = editions()
    return _page(request, _of_day(known, edition_on), known)


@require_safe
def changes(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Show what that edition changed: words, numbers and effect (clause 10.1)."""
    known = editions()
    newer = _of_day(known, edition_on)
    older = _previous(newer, known)
    if older is None:
        raise Http404
    context = {
        "older": older,
        "newer": newer,
        "changes": edition_diff.compare(older, newer),
        "numbers": edition_diff.compare_parameters(older, newer),
    }
    return render(request, "site/policy_changes.html", context)


@require_safe
def source(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Return the text as it was published: its SHA-256 is the one that orders record."""
    text = _of_day(editions(), edition_on).source_text
    return HttpResponse(text.encode(), content_type="text/markdown; charset=utf-8")


def _previous(edition: Edition, known: Sequence[Edition]) -> Edition | None:
    return next((one for one in known if one.date < edition.date), None)


def _of_day(known: Sequence[Edition], day: date) -> Edition:
    try:
        return editions_in_force.of_day(known, day)
    except editions_in_force.NoEdition:
        raise Http404 from None


def _in_force() -> Edition | None:
    try:
        return in_force(clock.now())
    except editions_in_force.NoEdition:
        return None


def _page(request: HttpRequest, asked: Edition | None, known: Sequence[Edition]) -> HttpResponse:
    """The edition that was asked for, else the one in force; before any is, the first to come."""
    now, governs = clock.now(), _in_force()
    edition = asked or governs or known[-1]
    context = {
        "edition": edition,
        "editions": known,
        "is_coming": edition.starts_at > now,
        "is_in_force": edition == governs,
        "older": _previous(edition, known),
        "coming": [one for one in known if one.starts_at > now],
    }
    return render(request, "site/policy.html", context)
