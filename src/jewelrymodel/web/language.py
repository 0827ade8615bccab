"""In which language a page is written: chosen by the reader, else what their browser prefers."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header

from jewelrymodel.accounts import operations
from jewelrymodel.accounts.models import User
from jewelrymodel.infra.languages import ENGLISH, LANGUAGES, Language, speaking
from jewelrymodel.web import cookies
from jewelrymodel.web.form_addresses import form_of

_STAFF_PAGES = ("/desk", "/demo/")
COOKIE = "language"


def written_for_the_reader(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, after authentication: write the answer in the reader's language, and say so."""

    def answer(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with speaking(language):
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    return answer


def language_of(request: HttpRequest) -> str:
    """Return the language of the page: our staff's pages are English.

    Elsewhere the one that the person chose, then the one this browser chose, then the first of its
    preferences that we have; a draft is shown only to who chose it.
    """
    if request.path.startswith(_STAFF_PAGES):
        return ENGLISH
    if SESSION_KEY in request.session and isinstance(request.user, User) and request.user.language:
        return request.user.language
    return of_browser(request)


def of_browser(request: HttpRequest) -> str:
    """Return the language of a page for whoever asks, without a look at who they are."""
    if request.path.startswith(_STAFF_PAGES):
        return ENGLISH
    chosen = cookies.read(request, COOKIE)
    return chosen if chosen in dict(settings.LANGUAGES) else _preferred(request)


def offered(request: HttpRequest) -> tuple[Language, ...]:
    """Return the languages that the page lets its reader choose: none on our staff's pages."""
    return () if request.path.startswith(_STAFF_PAGES) else LANGUAGES


@form_of("home")
def choose(request: HttpRequest) -> HttpResponse:
    """Remember the choice, also for the emails to who is signed in, and go back to its page."""
    back, language = request.POST.get("next", "/"), request.POST.get("language", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = redirect(back)
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, User):
            operations.choose_language(user_id=request.user.pk, language=language)
        cookies.keep(response, COOKIE, language)
    return response


def _preferred(request: HttpRequest) -> str:
    """The first finished language among the browser's preferences, which come best first."""
    drafts = [one.code for one in LANGUAGES if one.is_draft]
    for wanted, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            code = get_supported_language_variant(wanted)
        except LookupError:
            continue
        if code not in drafts:
            return code
    return ENGLISH
