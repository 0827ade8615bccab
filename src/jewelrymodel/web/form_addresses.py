"""Addresses that only take a form: opened or reloaded, they lead to the page that has the form."""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http import HttpRequest, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
_View = Callable[Concatenate[R, P], HttpResponseBase]


def form_of(page: str) -> Callable[[_View[R, P]], _View[R, P]]:
    """Return a decorator for what a form on *page* does.

    A refused form is answered at its own address; whoever opens that later, by its reload or from
    the history, is led to *page* and never to an error. It stands below who lets people in.
    """

    def decorate(view: _View[R, P]) -> _View[R, P]:
        @wraps(view)
        def act(request: R, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            if request.method in ("GET", "HEAD"):
                return HttpResponseRedirect(_address(page, kwargs))
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])

        act.form_of = page  # type: ignore[attr-defined]  # the tests that walk all addresses ask
        return act

    return decorate


def _address(page: str, ids: dict[str, Any]) -> str:
    """The page's address: its ids are the form's, perhaps without the last ones."""
    names = list(ids)
    for count in range(len(names), 0, -1):
        with suppress(NoReverseMatch):
            return reverse(page, kwargs={name: ids[name] for name in names[:count]})
    return reverse(page)
