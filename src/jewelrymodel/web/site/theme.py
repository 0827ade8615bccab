"""Light or dark: remembered in a cookie, no account needed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from jewelrymodel.web import cookies
from jewelrymodel.web.context import THEME_COOKIE, THEMES
from jewelrymodel.web.form_addresses import form_of


@form_of("home")
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the choice and go back to the page it was made on; anything else means automatic."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        cookies.keep(response, THEME_COOKIE, theme)
    else:
        cookies.forget(response, THEME_COOKIE)
    return response
