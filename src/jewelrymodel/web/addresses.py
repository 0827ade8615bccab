"""Addresses, a caller's and a page's, made sure of in one place for every page.

No text in PostgreSQL holds a NUL, so no row has such an id: asked for one, the database raises an
error that is ours to prevent.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jewelrymodel.infra.trusted_proxies import FORWARDING_HEADERS

NUL = "\0"
WAS_FORWARDED = "jewelrymodel.was_forwarded"
"""Whether a proxy passed the request on, ours or another: then loopback isn't the caller's."""
_FORWARDING = tuple(f"HTTP_{name.upper().replace('-', '_')}" for name in FORWARDING_HEADERS)


def believe_our_proxies(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the middleware that sets who calls, and whether over TLS, by TRUSTED_PROXY.

    From here on REMOTE_ADDR is the client's address for everybody: limits, evidence, logs. What a
    proxy said is then taken away, so that nobody believes it a second time. It stands first.
    """

    def resolved(request: HttpRequest) -> HttpResponseBase:
        meta, proxies = request.META, settings.TRUSTED_PROXY
        peer = meta.get("REMOTE_ADDR", "")
        if proxies.is_secure(peer=peer, forwarded_proto=meta.get("HTTP_X_FORWARDED_PROTO", "")):
            meta["wsgi.url_scheme"] = "https"
        client = proxies.client(peer=peer, forwarded_for=meta.get("HTTP_X_FORWARDED_FOR", ""))
        meta["REMOTE_ADDR"] = client or ""
        meta[WAS_FORWARDED] = any(header in meta for header in _FORWARDING)
        for header in _FORWARDING:
            meta.pop(header, None)
        return answer(request)

    return resolved


def refuse_nul(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the middleware: 404 for a NUL in the path, 400 for one in the query string.

    Django logs either as one line. It stands last, for its pages say who is signed in.
    """

    def guarded(request: HttpRequest) -> HttpResponseBase:
        if NUL in request.path:
            return render(request, "404.html", status=404)
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or NUL in query:  # %2500 holds none: it is decoded once
            return render(request, "unreadable.html", status=400)
        return answer(request)

    return guarded
