"""What all stand-ins of providers share: the panel, requests that can't be, broken connections."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from jewelrymodel.sandbox.generator import provider_faults as faults
from jewelrymodel.sandbox.generator.provider_faults import Fault
from jewelrymodel.sandbox.generator.scene_painter import Pixels, painted
from jewelrymodel.sandbox.generator.store import Store

KEY = "sandbox"


class BadRequest(Exception):
    """A request that the real provider would refuse; the sentence is its."""


@dataclass(frozen=True)
class Wanted:
    """One picture as a request asks for it."""

    canvas: Pixels
    paint: Pixels | None
    seed: int


class Broken(Response):
    """An answer that ends before it is whole: the connection breaks, and at once, since the server
    would else wait half a minute for the rest.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"4000"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b'{"', "more_body": False})


class Stand:
    """The file of a stand-in and its clock."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def next_fault(self) -> Fault:
        """How the request that came goes."""
        with self.store.transaction() as conn:
            return faults.take(conn)

    async def keep(
        self,
        provider: str,
        fault: Fault,
        wanted: Wanted,
        *,
        billed: int,
        note: dict[str, Any] | None = None,
        job_id: str = "",
        seconds: float = 0.05,
    ) -> faults.Job:
        """Make the picture and keep the job."""
        data = await run_in_threadpool(painted, wanted.canvas, wanted.paint, wanted.seed, fault)
        with self.store.transaction() as conn:
            kept = faults.keep(
                conn, provider, fault, now=now(), seconds=seconds, billed=billed, picture=data,
                note=note or {}, job_id=job_id,
            )  # fmt: skip
            job = faults.find(conn, kept)
        assert job is not None  # noqa: S101  it was written in this transaction
        return job

    def job(self, job_id: str) -> faults.Job | None:
        """A job by its id; one that is lost is unknown."""
        with self.store.transaction() as conn:
            found = faults.find(conn, job_id)
        return None if found is None or found.fault is Fault.LOST else found

    async def panel(self, request: Request) -> Response:
        """GET: what was taken and billed. POST: the next fault, or `finish`, or `forget`."""
        with self.store.transaction() as conn:
            if request.method == "GET":
                return JSONResponse(faults.bill(conn))
            order = await request.json()
            try:
                if order.get("forget"):
                    faults.forget(conn)
                if order.get("finish"):
                    faults.finish(conn)
                if "fault" in order:
                    faults.set_fault(conn, str(order["fault"]), int(order.get("times", 1)))
            except ValueError as error:
                return JSONResponse({"error": str(error)}, status_code=422)
        return JSONResponse({"ok": True})


def now() -> float:
    """The machine's time in seconds."""
    return time.time_ns() / 1_000_000_000


Endpoint = Callable[[Request], Awaitable[Response]]


def panel_routes(stand: Stand) -> list[Route]:
    """The panel of all of them."""
    return [Route("/_sandbox/providers", stand.panel, methods=["GET", "POST"])]
