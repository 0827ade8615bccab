"""The stand-in's addresses."""

import asyncio
import base64
import binascii
import json
import time
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from jewelrymodel.sandbox.generator import (
    bfl_dialect,
    comfyui_dialect,
    compose,
    fal_dialect,
    faults,
    gemini_dialect,
    jobs,
    openai_dialect,
)
from jewelrymodel.sandbox.generator.provider_app import Stand, panel_routes
from jewelrymodel.sandbox.generator.store import Store
from jewelrymodel.sandbox.loopback_guard import LoopbackOnly

LOST_ANSWER_S = 60.0
DIALECTS = (openai_dialect, gemini_dialect, bfl_dialect, fal_dialect, comfyui_dialect)
MAX_BODY = 60_000_000


def create_app(db_path: Path) -> Starlette:
    """The application over the file *db_path*."""
    store = Store(db_path)
    api, stand = Api(store), Stand(store)
    return Starlette(
        routes=[
            Route("/v1/jobs", api.submit, methods=["POST"]),
            Route("/v1/jobs/{job_id}", api.poll),
            Route("/v1/jobs/{job_id}/cancel", api.cancel, methods=["POST"]),
            Route("/v1/jobs/{job_id}/outputs/{ref:int}", api.fetch),
            Route("/_sandbox/faults", api.panel, methods=["GET", "POST"]),
            Route("/_sandbox/jobs", api.jobs_of),
            Route("/_sandbox/finish", api.finish, methods=["POST"]),
            Route("/healthz", lambda request: JSONResponse({"ok": True})),
            *panel_routes(stand),
            *(route for one in DIALECTS for route in one.routes(stand)),
        ],
        middleware=[Middleware(LoopbackOnly)],
    )


class Api:
    """Every request is one transaction over the file."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def submit(self, request: Request) -> Response:
        """Accept a job: JSON with `cutout` (base64 PNG) and `images`; 202 with its id."""
        raw = await request.body()
        key = request.headers.get("idempotency-key", "")
        try:
            body = _checked(raw, key)
            cutout = base64.b64decode(body["cutout"], validate=True)
            with self._store.transaction() as conn:
                now = faults.read(conn)
                if now["down"]:
                    return _down()
                job_id = jobs.accept(conn, key=key, body=body, cutout=cutout, now=_clock())
                if now["lose_answers"] > 0:
                    faults.change(conn, {"lose_answers": now["lose_answers"] - 1})
        except jobs.KeyReused:
            return _refusal(409, "key_reused", "This key belongs to another job.")
        except (ValueError, KeyError, TypeError, binascii.Error) as error:
            return _refusal(422, "invalid_request", str(error))
        if now["lose_answers"] > 0:
            await asyncio.sleep(LOST_ANSWER_S)
        return JSONResponse({"id": job_id, "status": "queued"}, status_code=202)

    async def poll(self, request: Request) -> Response:
        """The job's state."""
        with self._store.transaction() as conn:
            if faults.read(conn)["down"]:
                return _down()
            job = jobs.find(conn, request.path_params["job_id"])
        return JSONResponse(jobs.state(job, _clock())) if job else _unknown()

    async def cancel(self, request: Request) -> Response:
        """Stop the job, unless it is over."""
        with self._store.transaction() as conn:
            job = jobs.find(conn, request.path_params["job_id"])
            if job is None:
                return _unknown()
            jobs.cancel(conn, job, _clock())
        return await self.poll(request)

    async def fetch(self, request: Request) -> Response:
        """One picture, as PNG."""
        with self._store.transaction() as conn:
            if faults.read(conn)["down"]:
                return _down()
            job = jobs.find(conn, request.path_params["job_id"])
        ref = request.path_params["ref"]
        if job is None:
            return _unknown()
        if ref not in [output["ref"] for output in jobs.state(job, _clock())["outputs"]]:
            return _refusal(404, "no_output", "There is no such output.")
        order = next(i for i in json.loads(job["images"]) if i["ref"] == ref)
        data = await run_in_threadpool(compose.picture, job["cutout"], order, job["behaviour"])
        cost = {"X-Cost-Micros": str(jobs.COST_MICROS)}
        return Response(data, media_type="image/png", headers=cost)

    async def panel(self, request: Request) -> Response:
        """What it does wrong on purpose: GET shows it, POST sets some of it."""
        with self._store.transaction() as conn:
            if request.method == "GET":
                return JSONResponse(faults.read(conn))
            try:
                return JSONResponse(faults.change(conn, await request.json()))
            except ValueError as error:
                return _refusal(422, "invalid_request", str(error))

    async def jobs_of(self, request: Request) -> Response:
        """The ids of the jobs that were accepted under a key."""
        with self._store.transaction() as conn:
            return JSONResponse(jobs.under_key(conn, request.query_params.get("key", "")))

    async def finish(self, request: Request) -> Response:
        """End every job that is under way, now."""
        with self._store.transaction() as conn:
            return JSONResponse({"finished": jobs.finish(conn, None, _clock())})


def _clock() -> float:
    return time.time_ns() / 1_000_000_000


def _checked(raw: bytes, key: str) -> dict[str, Any]:
    """The job as it was sent; raises ValueError, KeyError or TypeError where it can't be one."""
    if not key or len(raw) > MAX_BODY:
        raise ValueError("an Idempotency-Key is needed, and at most 60 MB")
    body: dict[str, Any] = json.loads(raw)
    for image in body["images"]:
        if not all(1 <= int(image[edge]) <= compose.MAX_EDGE for edge in ("width", "height")):
            raise ValueError(f"an edge is 1 to {compose.MAX_EDGE} pixels")
        if len(image["box"]) != 4 or "ref" not in image or "top" not in image:
            raise ValueError("an image needs ref, box, top and bottom")
    return body


def _refusal(status: int, code: str, message: str) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def _down() -> JSONResponse:
    return _refusal(503, "unavailable", "The generator is down.")


def _unknown() -> JSONResponse:
    return _refusal(404, "unknown_job", "There is no such job.")
