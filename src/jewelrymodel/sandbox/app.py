"""The sandbox as one ASGI application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from jewelrymodel.sandbox import api, webhook_deliveries
from jewelrymodel.sandbox.hosted_billing import BillingPages
from jewelrymodel.sandbox.hosted_pages import Pages
from jewelrymodel.sandbox.loopback_guard import LoopbackOnly
from jewelrymodel.sandbox.panel import Panel
from jewelrymodel.sandbox.resources import webhook_endpoints
from jewelrymodel.sandbox.settings import SandboxSettings
from jewelrymodel.sandbox.store import Store


def create_app(settings: SandboxSettings) -> Starlette:
    """The API below `/v1`, the hosted pages below `/c`, the panel below `/_sandbox`."""
    store = Store(settings.db_path, settings.public_url)
    with store.transaction() as tx:
        webhook_endpoints.configure(tx, settings.webhook_url, settings.webhook_secret)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        loop = asyncio.create_task(webhook_deliveries.run(store))
        yield
        loop.cancel()
        with suppress(asyncio.CancelledError):
            await loop
        store.close()

    async def answer(request: Request) -> Response:
        return await _answer(store, request, settings.secret_key_prefix)

    static = str(resources.files("jewelrymodel.sandbox").joinpath("static"))
    return Starlette(
        routes=[
            Route("/v1/{path:path}", answer, methods=["GET", "POST", "DELETE"]),
            Mount("/c/static", StaticFiles(directory=static)),
            *Pages(store).routes(),
            *BillingPages(store).routes(),
            *Panel(store, settings).routes(),
        ],
        middleware=[Middleware(LoopbackOnly, host=settings.host)],
        lifespan=lifespan,
    )


async def _answer(store: Store, request: Request, prefix: str) -> Response:
    asked = api.Request(
        method=request.method,
        path=request.url.path,
        query=request.url.query,
        body=(await request.body()).decode(errors="replace"),
        headers=dict(request.headers),
    )
    reply = await run_in_threadpool(api.answer, store, asked, prefix)
    if reply.hang_s:
        await asyncio.sleep(reply.hang_s)
    return Response(
        api.encoded(reply.body), reply.status, reply.headers, media_type="application/json"
    )
