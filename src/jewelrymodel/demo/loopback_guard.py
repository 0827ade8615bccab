"""The demo answers this machine only: its passwords are public, its mails are open to everybody."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from jewelrymodel.infra.trusted_proxies import FORWARDING_HEADERS, is_loopback

REFUSAL = (
    "This is a demo: it answers programs and browsers on its own machine, never through a proxy.\n"
)


def this_machine_only(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the middleware: 403 for another machine, and for what came through a proxy.

    A proxy on this machine calls from loopback too, so the headers that it adds tell. Foreign host
    names (a public name, or one bound to loopback by its owner) are no ALLOWED_HOSTS of a demo:
    asking for the host raises DisallowedHost, which is a 400.
    """

    def guarded(request: HttpRequest) -> HttpResponseBase:
        is_proxied = any(name in request.headers for name in FORWARDING_HEADERS)
        if is_proxied or not is_loopback(request.META.get("REMOTE_ADDR")):
            return HttpResponse(REFUSAL, status=403, content_type="text/plain; charset=utf-8")
        request.get_host()
        return answer(request)

    return guarded
