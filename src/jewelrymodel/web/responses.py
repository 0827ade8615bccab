"""What another account owns, or nobody, is not found: the same answer for both."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse, StreamingHttpResponse

from jewelrymodel.infra import storage

T = TypeVar("T")
CACHE_S = 86_400


def or_404(find: Callable[[], T]) -> T:
    """Return what *find* finds; raises Http404 where its row doesn't exist for this account."""
    try:
        return find()
    except ObjectDoesNotExist:
        raise Http404 from None


def whole_text(text: str) -> HttpResponse:
    """Return *text* as plain text, for its reader's browser alone."""
    headers = {"Cache-Control": "private, no-store"}
    return HttpResponse(text, content_type="text/plain; charset=utf-8", headers=headers)


def plain_words(words: str, *, status: int) -> HttpResponse:
    """Return *words* for a program, as the plain text that they are."""
    return HttpResponse(f"{words}\n", status=status, content_type="text/plain; charset=utf-8")


def stored_picture(key: str, *, of_somebody: bool = False) -> HttpResponse:
    """Return the stored picture under *key*, for its owner's browser alone; raises Http404.

    Keys are never written twice, so a browser may keep what it has; but not what shows
    *of_somebody*: that has to be gone once they revoke.
    """
    try:
        content = storage.get(key)
    except FileNotFoundError:
        raise Http404 from None
    kind = "image/png" if key.endswith(".png") else "image/webp"
    kept = "no-store" if of_somebody else f"max-age={CACHE_S}, immutable"
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": f"private, {kept}"})


def archive_sent(name: str, chunks: Iterator[bytes]) -> StreamingHttpResponse:
    """Return an archive *name* whose bytes are made while they are sent, kept by nobody."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(chunks, content_type="application/zip", headers=headers)
