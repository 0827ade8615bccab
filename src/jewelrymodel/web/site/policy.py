"""The refund policy: any edition, clause by clause, and the very text that its hash is of."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jewelrymodel.catalog.terms import editions, in_force
from jewelrymodel.infra import clock
from jewelrymodel.policy import diff
from jewelrymodel.policy.editions import Edition


@require_safe
def newest(request: HttpRequest) -> HttpResponse:
    """Show the edition in force; one that takes effect later is announced on it."""
    return _page(request, in_force(clock.now()))


@require_safe
def dated(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Show the edition of that day, however old."""
    return _page(request, _edition(edition_on))


@require_safe
def changes(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Show what that edition changed: words, numbers and effect (clause 10.1)."""
    newer = _edition(edition_on)
    older = _before(newer)
    if older is None:
        raise Http404
    context = {
        "older": older,
        "newer": newer,
        "changes": diff.compare(older, newer),
        "numbers": diff.compare_parameters(older, newer),
    }
    return render(request, "site/policy_changes.html", context)


@require_safe
def source(request: HttpRequest, edition_on: date) -> HttpResponse:
    """Return the file as it is shipped: its SHA-256 is the one that orders record."""
    text = _edition(edition_on).source_text
    return HttpResponse(text.encode(), content_type="text/markdown; charset=utf-8")


def _before(edition: Edition) -> Edition | None:
    return next((one for one in editions() if one.date < edition.date), None)


def _edition(edition_on: date) -> Edition:
    for edition in editions():
        if edition.date == edition_on:
            return edition
    raise Http404


def _page(request: HttpRequest, edition: Edition) -> HttpResponse:
    known, now_in_force = editions(), in_force(clock.now())
    context = {
        "edition": edition,
        "editions": known,
        "in_force": now_in_force,
        "older": _before(edition),
        "coming": [one for one in known if one.effective_from > now_in_force.effective_from],
    }
    return render(request, "site/policy.html", context)
