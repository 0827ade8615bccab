"""The cookies that we set besides those of the libraries: bound to one host wherever TLS is spoken.

With the prefix ``__Host-`` neither a subdomain nor a page without TLS can set one (RFC 6265bis,
4.1.3.2); ASVS 5, 3.3.1 and 3.3.3.
"""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase

YEAR_S = 31_536_000


def read(request: HttpRequest, name: str) -> str:
    """Return the value of our cookie *name*; "" where the browser has none."""
    return request.COOKIES.get(settings.COOKIE_PREFIX + name, "")


def keep(response: HttpResponseBase, name: str, value: str) -> None:
    """Have the browser keep our cookie *name* for a year; no script of a page can read it."""
    response.set_cookie(
        settings.COOKIE_PREFIX + name,
        value,
        max_age=YEAR_S,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponseBase, name: str) -> None:
    """Have the browser remove our cookie *name*."""
    response.delete_cookie(settings.COOKIE_PREFIX + name, samesite="Lax")


class _MessageCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Messages(FallbackStorage):
    """Keeps what the next page says in a cookie, and what is too long for one in the session."""

    storage_classes = (_MessageCookie, SessionStorage)
