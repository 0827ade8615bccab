"""What search engines and other sites ask for: what they may read, and the mark of the site."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

PAGES = ("home", "pricing", "refund-policy", "image-check", "status")
PRIVATE = (
    *("studio", "library", "credits", "billing", "checkout", "requests", "settings", "account"),
    *("models", "model-agreement", "model-revocation"),
)
_XML = "application/xml; charset=utf-8"
_URL = "  <url><loc>{}</loc></url>"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of what needs an account, and out of a demo altogether."""
    closed = ["/"] if settings.DEMO else [f"/{one}" for one in (*PRIVATE, "desk", "admin", "hooks")]
    lines = ["User-agent: *", *(f"Disallow: {one}" for one in closed)]
    lines += ["", f"Sitemap: {settings.PUBLIC_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), "text/plain; charset=utf-8")


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """List the pages for everybody, by the protocol of sitemaps.org."""
    urls = [_URL.format(settings.PUBLIC_URL + reverse(name)) for name in PAGES]
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return HttpResponse("\n".join([head, opening, *urls, "</urlset>", ""]), _XML)


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask for the mark by its old name to the mark."""
    return redirect(static("favicon.svg"))
