"""What somebody signed in was shown stays in no cache, and goes from the browser at sign-out.

ASVS 5, 14.3.1 and 14.3.2. An answer that says itself what may be kept, such as a seller's own
picture, is left as it is.
"""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_CLEARED = '"cache", "storage"'
"""Not the cookies: the choice of language and appearance is the browser's, and stays."""


def kept_by_nobody(
    answer: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Return the middleware; it stands below the one that reads the session."""

    def guarded(request: HttpRequest) -> HttpResponseBase:
        was_in = SESSION_KEY in request.session
        response = answer(request)
        is_in = SESSION_KEY in request.session
        if was_in or is_in:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if was_in and not is_in:
            response.headers["Clear-Site-Data"] = _CLEARED
        return response

    return guarded
