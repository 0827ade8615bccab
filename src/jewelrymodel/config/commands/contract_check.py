"""``jewelrymodel contract-check``: a provider's real answers beside those of our stand-in.

The same few calls go to both, and the shapes of the answers are compared field by field. What is
written down has no values in it, so it can be shown to anybody: neither key, words nor pictures.
"""

import asyncio
import dataclasses
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
from starlette.applications import Starlette

from jewelrymodel.config.answer_shapes import Call, differences, recorded
from jewelrymodel.generation.adapters import generators
from jewelrymodel.generation.adapters.attempt_book import Lane
from jewelrymodel.generation.adapters.provider import (
    NoPicture,
    Picture,
    Provider,
    ProviderAccess,
    SceneOrder,
)
from jewelrymodel.generation.adapters.provider_http import ResultLater, through
from jewelrymodel.infra import clock
from jewelrymodel.sandbox.generator.app import create_app

EDGE = 832  # the smallest that every provider takes
PATIENCE_S, PAUSE_S = 300.0, 2.0
_STAND_IN = "http://127.0.0.1"


class NeverReady(Exception):
    """A job took longer than anybody waits for a check."""


def run(provider: str, *, yes: bool, output: str, pause_s: float = PAUSE_S) -> int:
    """Compare, after the cost was said; 1 where the provider isn't set up or the answers differ."""
    lane = generators.lanes().get(provider)
    if lane is None:
        print(f"jewelrymodel: {provider} isn't set up; see docs/generators.md", file=sys.stderr)
        return 1
    price = lane.model.price_micros / 1e6
    print(f"One picture by {lane.model.id}, about ${price:.3f}, and requests that are refused.")
    if not yes and input("Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was sent.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder) / "stand-in.sqlite3")
        with httpx.Client(transport=InProcess(app)) as client:
            ours = _calls(_at_stand_in(lane), client, 0.05)
    with httpx.Client(follow_redirects=False) as client:
        theirs = _calls(lane, client, pause_s)
    found = {name: differences(ours[name], theirs[name]) for name in ours}
    report = {
        "provider": provider,
        "model": lane.model.id,
        "catalog_read_on": str(lane.model.read_on),
        "checked_at": clock.real_now().isoformat(timespec="seconds"),
        "differences": found,
        "stand_in": {name: [one.stored for one in calls] for name, calls in ours.items()},
        "service": {name: [one.stored for one in calls] for name, calls in theirs.items()},
    }
    Path(output).write_text(json.dumps(report, indent=2) + "\n")
    for name, lines in found.items():
        print(f"{name}: {'as the stand-in' if not lines else ''}")
        print("".join(f"  {line}\n" for line in lines), end="")
    print(f"Written to {output}: shapes only, no values.")
    return 1 if any(found.values()) else 0


def _calls(lane: Lane, client: httpx.Client, pause_s: float) -> dict[str, list[Call]]:
    """The answers to each request, by its name."""
    wrong = dataclasses.replace(lane.access, key="wrong-key")
    unknown = "no-such-model"
    tries: dict[str, Callable[[], object]] = {
        "a picture": lambda: _made(lane, lane.access, lane.model.id, pause_s)
    }
    if lane.access.name != "comfyui":  # it has no keys, and a model is a file of ours
        tries["a wrong key"] = lambda: _made(lane, wrong, lane.model.id, pause_s)
        tries["a model that there is not"] = lambda: _made(lane, lane.access, unknown, pause_s)
    return {name: list(_recorded(one, client)) for name, one in tries.items()}


def _recorded(attempt: Callable[[], object], client: httpx.Client) -> Iterator[Call]:
    with recorded(client) as (recording, calls), through(recording):
        try:
            attempt()
        except NoPicture as none:
            print(f"  … {none}")
    yield from calls


def _made(lane: Lane, access: ProviderAccess, model_id: str, pause_s: float) -> Picture:
    """The picture of one order, waited for. Raises NoPicture."""
    adapter: Provider = generators.ADAPTERS[access.name](access)
    model = dataclasses.replace(lane.model, id=model_id)
    answer = adapter.submit(_order(dataclasses.replace(lane, model=model)))
    deadline = time.monotonic() + PATIENCE_S
    while not isinstance(answer, Picture) and time.monotonic() < deadline:
        time.sleep(pause_s)
        try:
            found = adapter.look(answer.remote_id)
        except ResultLater:
            continue
        if found:
            return found
    if not isinstance(answer, Picture):
        raise NeverReady(f"no picture came within {PATIENCE_S:.0f} s; the provider may be slow")
    return answer


def _order(lane: Lane) -> SceneOrder:
    """A ring that we drew, on a stone."""
    canvas = np.full((EDGE, EDGE, 3), 175, np.uint8)
    middle = (EDGE // 2, EDGE // 2)
    cv2.circle(canvas, middle, EDGE // 5, (196, 160, 84), EDGE // 20, cv2.LINE_AA)
    kept = np.zeros((EDGE, EDGE), np.uint8)
    cv2.circle(kept, middle, EDGE // 5, 255, EDGE // 18)
    return SceneOrder(
        attempt_id=f"check_{time.monotonic_ns()}",
        canvas=canvas,
        paint=255 - kept,
        prompt="Product photograph: a plain gold ring on pale stone, soft daylight.",
        seed=1,
        model=lane.model,
    )


def _at_stand_in(lane: Lane) -> Lane:
    name = lane.access.name
    access = dataclasses.replace(lane.access, base=f"{_STAND_IN}/{name}", key="sandbox")
    return dataclasses.replace(lane, access=access)


class InProcess(httpx.BaseTransport):
    """Asks an application in this process."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the application's answer, whole."""
        return asyncio.run(self._asked(request))

    async def _asked(self, request: httpx.Request) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport) as client:
            body: Any = request.read()
            answer = await client.request(
                request.method, request.url, headers=request.headers, content=body
            )
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )
