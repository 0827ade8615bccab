"""Pages travel compressed: a page of looks is 46 kB of markup, and 8 kB once compressed.

Pages alone: pictures and archives are compressed in themselves. What could be learned from a page's
length about what is secret in it is hidden by Django: tokens differ in each answer, and so does the
length, by up to a hundred bytes at random.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressedPages(GZipMiddleware):
    """Compresses what is HTML and there as a whole, for browsers that ask for it."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Return the answer, compressed where it is a page."""
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)
