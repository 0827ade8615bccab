"""The page of whoever meets a database that is away: come again (503), with what they had entered.

Whatever else goes wrong on our side is 500, as Django answers it. Neither page may ask the
database: what went wrong may be there.
"""

import re
import sys

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException, UnreadablePostError
from django.template.loader import get_template
from django.views.defaults import server_error as plain_server_error

from jewelrymodel.infra.database_outage import RETRY_AFTER_S, is_away
from jewelrymodel.infra.languages import speaking
from jewelrymodel.web.language import of_browser

_SECRET = re.compile("password|code|token|secret")
_CSRF = "csrfmiddlewaretoken"
_LARGEST_BYTES = 200_000
_UNREADABLE = (
    SuspiciousOperation,
    MultiPartParserError,
    RawPostDataException,
    UnreadablePostError,
    ValueError,
)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer for what went wrong: 503 and when to come again where the database is away, else 500.

    Called while the error is handled (Django's ``handler500``).
    """
    with speaking(of_browser(request)):
        if not is_away(sys.exception()):
            return plain_server_error(request)
        page = get_template("503.html").render({"sent": _sent(request), "request": request})
    again = {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "private, no-store"}
    return HttpResponse(page, status=503, headers=again)


def _sent(request: HttpRequest) -> list[tuple[str, str]] | None:
    """What a form sent, to be sent again as it is; None where that can't be shown back.

    Never a file, a password or a code. The token against forged requests is the browser's own.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    if request.method != "POST" or not length.isdigit() or int(length) > _LARGEST_BYTES:
        return None
    try:
        fields = [(name, value) for name in request.POST for value in request.POST.getlist(name)]
        has_files = bool(request.FILES)
    except _UNREADABLE:
        return None
    if has_files or any(_SECRET.search(name) for name, _ in fields if name != _CSRF):
        return None
    return fields
