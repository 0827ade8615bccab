"""Who may talk to the sandbox at all: programs and browsers on this machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}
_OF_PROXIES = {"via", "forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"}
_OF_PROXIES |= {"x-real-ip", "cf-connecting-ip", "true-client-ip"}


class LoopbackOnly:
    """Refuses other machines, also through a proxy on this one, and other sites.

    Those come under a foreign host name (rebinding), or with a form posted from their page.
    """

    def __init__(self, app: ASGIApp, host: str = "localhost") -> None:
        self._app = app
        self._names = {*_LOCAL_NAMES, host}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._welcome(scope):
            refusal = PlainTextResponse("The sandbox answers only this machine.\n", 403)
            await refusal(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _welcome(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not _is_loopback(scope.get("client")) or not self._is_ours(f"//{host}"):
            return False
        if any(name in headers for name in _OF_PROXIES):
            return False
        origin = headers.get("origin")
        return origin is None or urlsplit(origin).netloc == host

    def _is_ours(self, address: str) -> bool:
        return urlsplit(address).hostname in self._names


def _is_loopback(client: tuple[str, int] | None) -> bool:
    try:
        return client is not None and ip_address(client[0]).is_loopback
    except ValueError:
        return False
