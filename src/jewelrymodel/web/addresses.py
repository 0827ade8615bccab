"""Addresses that can't name anything: no text in PostgreSQL holds a NUL, so no row has such an id.

Asked for one, the database raises an error that is ours to prevent. One place does it for all.
"""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

NUL = "\0"


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
