"""The one small HTTP client of all adapters: caps, allowed hosts, and no second try.

A connection that breaks before anything was sent is no harm; one that breaks later leaves unknown
what the provider did, and the two are told apart here. A result is fetched without the key, from
hosts that were named, and never through a redirection.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx

from jewelrymodel.generation.adapters.provider import NoPicture, ProviderAccess
from jewelrymodel.generation.statuses import AttemptState, Reason
from jewelrymodel.infra.trusted_proxies import is_loopback
from jewelrymodel.kernel.errors import CodedError

MAX_ANSWER_BYTES, MAX_PICTURE_BYTES = 60_000_000, 40_000_000
SYNCHRONOUS_S = 300.0  # an edit with a picture takes a minute or two, at times four
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
_NOT_NOW = {409, 425, 429}
_GAVE_UP_WAITING = {408, 502, 504, 520, 524}
"""Said by what stands before a provider, while the provider may go on, and bill it."""
_BROKE = 500
_LOCKED_OUT = {401, 402, 403}
_SENTENCE_CHARS = 200
_INSTEAD: ContextVar[httpx.Client | None] = ContextVar("client", default=None)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, whatever its status, with its whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> dict[str, Any]:
        """Return the body as a JSON object; an empty one where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def is_success(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300


class ProviderHttp:
    """Calls to one provider, with its key in *headers*."""

    def __init__(self, access: ProviderAccess, headers: Mapping[str, str]) -> None:
        self._base = access.base.rstrip("/")
        self._hosts, self._headers = access.hosts, dict(headers)

    def submit(self, path: str, **options: Any) -> Answer:
        """POST what may be paid for. Raises NoPicture: not now where nothing was sent, unknown
        where the connection broke later.
        """
        try:
            return self._call("POST", self._base + path, SYNCHRONOUS_S, self._headers, options)
        except _NOT_SENT as error:
            raise NoPicture(AttemptState.NOT_NOW, detail=type(error).__name__) from None
        except httpx.HTTPError as error:
            raise NoPicture(AttemptState.UNKNOWN, detail=type(error).__name__) from None

    def ask(self, address: str, *, method: str = "GET", **options: Any) -> Answer | None:
        """Return the answer to what costs nothing, None where none came. *address* is a path, or a
        whole one that the provider gave: then on its own host, since the key goes with it.
        """
        url = self._base + address if address.startswith("/") else self._own(address)
        try:
            return self._call(method, url, 20.0, self._headers, options)
        except httpx.HTTPError:
            return None

    def picture(self, url: str) -> bytes:
        """Return the file at a result's address. Raises NoPicture: empty where it can't be had."""
        scheme, host, _port = _parts(url)
        if not self._is_allowed(scheme, host):
            raise NoPicture(AttemptState.EMPTY, detail=f"result on a host not allowed: {url}")
        try:
            answer = self._call("GET", url, 60.0, {}, {}, most=MAX_PICTURE_BYTES)
        except httpx.HTTPError as error:
            raise ResultLater(detail=type(error).__name__) from None
        if answer.status >= 500:
            raise ResultLater(detail=f"HTTP {answer.status}")
        if not answer.is_success:
            raise NoPicture(AttemptState.EMPTY, detail=f"result is gone: HTTP {answer.status}")
        return answer.body

    def _own(self, url: str) -> str:
        """Return an address of the provider's own API; raises NoPicture for any other."""
        scheme, host, port = _parts(url)
        same = (scheme, host, port) == _parts(self._base)
        inside = scheme == "https" and _is_within(host, self._hosts)
        if not same and not inside:
            raise NoPicture(AttemptState.UNKNOWN, detail=f"polled on a host not allowed: {url}")
        return url

    def _is_allowed(self, scheme: str, host: str) -> bool:
        own = urlsplit(self._base).hostname or ""
        if is_loopback(own):
            return host == own
        return scheme == "https" and _is_within(host, self._hosts)

    def _call(
        self,
        method: str,
        url: str,
        timeout_s: float,
        headers: Mapping[str, str],
        options: Mapping[str, Any],
        most: int | None = None,
    ) -> Answer:
        timeout = httpx.Timeout(timeout_s, connect=5.0)
        more = {**headers, **options.get("headers", {})}
        rest = {name: value for name, value in options.items() if name != "headers"}
        with connections().stream(method, url, headers=more, timeout=timeout, **rest) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > (most or MAX_ANSWER_BYTES):
                    raise NoPicture(AttemptState.EMPTY, detail="larger than allowed")
            return Answer(response.status_code, response.headers, bytes(body))


class ResultLater(CodedError):
    """A result that is there and couldn't be fetched just now: worth another look."""


@cache
def _pool() -> httpx.Client:
    """The process's one client: certificates are read once. No connection is used twice: one that
    the provider closes just then breaks a request that is paid for, and what became of it is
    unknown.
    """
    return httpx.Client(follow_redirects=False, limits=httpx.Limits(max_keepalive_connections=0))


def connections() -> httpx.Client:
    """Return what calls go through: the pool, or what ``through`` was given."""
    return _INSTEAD.get() or _pool()


@contextmanager
def through(client: httpx.Client) -> Iterator[None]:
    """Let the block's calls go through *client*."""
    token = _INSTEAD.set(client)
    try:
        yield
    finally:
        _INSTEAD.reset(token)


def _parts(url: str) -> tuple[str, str, int | None]:
    """The scheme, the host and the port that is named; nothing of what is no address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return "", "", None


def _is_within(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def verdict(answer: Answer, *, sentence: str = "", errors_are_free: bool = True) -> NoPicture:
    """Return how a request ended by the status of its answer, where the dialect knows no better.

    *errors_are_free* is False where the image is made while we wait and nobody says that an error
    of the server's own (500) isn't billed: it may have come after the work.
    """
    detail = f"HTTP {answer.status} {sentence}"[:_SENTENCE_CHARS].strip()
    if answer.status in _LOCKED_OUT:
        return NoPicture(AttemptState.LOCKED_OUT, detail=detail)
    broke = answer.status == _BROKE and not errors_are_free
    if broke or answer.status in _GAVE_UP_WAITING:
        return NoPicture(AttemptState.UNKNOWN, detail=detail)
    if answer.status in _NOT_NOW or answer.status >= 500:
        wait = answer.headers.get("retry-after", "")
        return NoPicture(AttemptState.NOT_NOW, detail=detail, retry_after=wait)
    return NoPicture(AttemptState.INVALID, detail=detail)


def nothing_in(what: str, reason: Reason = Reason.NOT_DELIVERED) -> NoPicture:
    """Return the end of a success without a usable picture."""
    return NoPicture(AttemptState.EMPTY, detail=what, reason=reason)
