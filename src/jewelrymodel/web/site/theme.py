"""Light or dark: remembered in a cookie, no account needed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from jewelrymodel.web.context import THEME_COOKIE, THEMES
from jewelrymodel.web.form_addresses import form_of

_YEAR_S = 31_536_000


@form_of("home")
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to the page it was made on; anything else means automatic."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=_YEAR_S, samesite="Lax")
    else:
        response.delete_cookie(THEME_COOKIE, samesite="Lax")
    return response
