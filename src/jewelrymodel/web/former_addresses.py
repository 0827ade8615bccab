"""Addresses of earlier versions lead to those of now: they live on in emails and bookmarks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from jewelrymodel.accounts.rights import Act
from jewelrymodel.web.acts import say_acts

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def former_path(route: str, *, now: str) -> URLPattern:
    """Return the path that redirects who opens *route* to the page named *now*, for good.

    A form that was sent there is refused (405): who sent it reads the page of today first.
    """
    redirected = require_safe(RedirectView.as_view(pattern_name=now, permanent=True))
    say_acts(redirected, Act.VISIT)
    return path(route, redirected)


def former_parameter(former: str, *, now: str) -> Callable[[_View[P]], _View[P]]:
    """Return the decorator that redirects a page opened with *former* in its query to *now*."""

    def decorated(view: _View[P]) -> _View[P]:
        @wraps(view)
        def redirected(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if request.method not in ("GET", "HEAD") or former not in request.GET:
                return view(request, *args, **kwargs)
            query = request.GET.copy()
            query.setlistdefault(now, query.pop(former))
            return HttpResponsePermanentRedirect(f"{request.path}?{query.urlencode()}")

        return redirected

    return decorated
