"""The shapes of a service's answers: which fields, of which types; no values but a few words."""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

_WORDS = {"status", "code", "type", "finishReason", "blockReason", "reason", "error_type"}
"""Fields whose value is one of a few words, and says what we branch on."""
_WORD = re.compile(r"[A-Za-z_ ]{1,40}")
_HEADERS = ("content-type", "retry-after", "x-request-id", "x-fal-error-type")
_ID = re.compile(r"[0-9a-f]{8}[0-9a-f-]{8,}|check_\d+|\d{4,}")


@dataclass(frozen=True)
class Call:
    """One answer: to what, its status, the headers that we read, and the types of its fields."""

    method: str
    path: str
    status: int
    headers: tuple[str, ...]
    fields: tuple[tuple[str, str], ...]

    @property
    def stored(self) -> dict[str, Any]:
        """The call as JSON keeps it."""
        return {
            "call": f"{self.method} {self.path}",
            "status": self.status,
            "headers": list(self.headers),
            "fields": dict(self.fields),
        }


@contextmanager
def recorded(client: httpx.Client) -> Iterator[tuple[httpx.Client, list[Call]]]:
    """Give a client that asks through *client*, and the list that its answers are noted in."""
    calls: list[Call] = []

    class Noting(httpx.BaseTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answer = client.request(
                request.method,
                request.url,
                headers=request.headers,
                content=request.read(),
                timeout=300.0,
            )
            calls.append(_call(request, answer))
            plain = {k: v for k, v in answer.headers.items() if k != "content-encoding"}
            return httpx.Response(answer.status_code, headers=plain, content=answer.content)

    with httpx.Client(transport=Noting()) as recording:
        yield recording, calls


def differences(ours: Sequence[Call], theirs: Sequence[Call]) -> list[str]:
    """Return in words where two runs of the same request differ; polls that waited count once."""
    first, second = _by_kind(ours), _by_kind(theirs)
    found = []
    for number, (one, other) in enumerate(zip(first, second, strict=False)):
        if one.status != other.status:
            found.append(f"answer {number + 1}: HTTP {other.status}, at the stand-in {one.status}")
        known, seen = dict(one.fields), dict(other.fields)
        for name in sorted(known.keys() - seen.keys()):
            found.append(f"answer {number + 1}: no {name} ({known[name]})")
        for name in sorted(seen.keys() - known.keys()):
            found.append(f"answer {number + 1}: {name} ({seen[name]}) is new")
        for name in sorted(known.keys() & seen.keys()):
            if known[name] != seen[name]:
                found.append(f"answer {number + 1}: {name} is {seen[name]}, not {known[name]}")
        for name in sorted(set(one.headers) - set(other.headers)):
            found.append(f"answer {number + 1}: no header {name}")
    if len(first) != len(second):
        found.append(f"{len(second)} kinds of answers, at the stand-in {len(first)}")
    return found


def _by_kind(calls: Sequence[Call]) -> list[Call]:
    """The calls without those that were only made again."""
    last: list[Call] = []
    for one in calls:
        if last and (one.method, one.path) == (last[-1].method, last[-1].path):
            last[-1] = one
        else:
            last.append(one)
    return last


def _call(request: httpx.Request, answer: httpx.Response) -> Call:
    try:
        document: Any = json.loads(answer.content)
    except ValueError:
        document = None
    fields = dict(_fields(document, ""))
    headers = tuple(name for name in _HEADERS if name in answer.headers)
    path = _ID.sub("…", request.url.path.rsplit("/", 1)[-1])
    return Call(request.method, path, answer.status_code, headers, tuple(sorted(fields.items())))


def _fields(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """The paths of all fields with their types; a field of few words with its word."""
    if isinstance(value, dict):
        for key, inner in value.items():
            key = _ID.sub("…", str(key))
            yield from _fields(inner, f"{name}.{key}" if name else key)
    elif isinstance(value, list):
        yield name, "list"
        for inner in value:
            yield from _fields(inner, f"{name}[]")
    elif name:
        yield name, _kind(value, name.rpartition(".")[2])


def _kind(value: object, field: str) -> str:
    if isinstance(value, str) and field in _WORDS and _WORD.fullmatch(value):
        return repr(value)
    kinds = {bool: "true or false", int: "number", float: "number", str: "text"}
    return kinds.get(type(value), "nothing")
