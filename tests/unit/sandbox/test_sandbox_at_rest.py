"""A sandbox at rest asks its file for nothing, and misses nothing for that."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from jewelrymodel.sandbox import clock, webhook_deliveries
from jewelrymodel.sandbox.store import Store

TURNS = 50


class Loop:
    """The sandbox's loop over one store; `looks` counts how often it asked what is due."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.looks, self.now = store, 0, 1_900_000_000.0
        asked = webhook_deliveries._next_due

        def counted(store: Store) -> float:
            found = asked(store)
            self.looks += 1
            return found

        monkeypatch.setattr(webhook_deliveries, "_next_due", counted)
        monkeypatch.setattr(webhook_deliveries, "POLL_S", 0)
        monkeypatch.setattr(clock, "real_time", lambda: self.now)

    async def until_it_rests(self) -> None:
        """Return once it has looked: it isn't to look again before something is written or due."""
        await self.until(lambda: self.looks > 0)

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not done():
                await asyncio.sleep(0.001)


def _waiting(store: Store) -> int:
    with store.transaction() as tx:
        return int(tx.conn.execute("SELECT count(*) FROM jobs").fetchone()[0])


def _schedule(store: Store, in_s: int) -> None:
    """A job whose subject is gone: it is left undone, and its row goes."""
    with store.transaction() as tx:
        tx.schedule(tx.now + in_s, "refund:pends", "re_none")


def _run(loop: Loop, story: Callable[[], Awaitable[None]]) -> None:
    async def told() -> None:
        task = asyncio.create_task(webhook_deliveries.run(loop.store))
        await story()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(told())


@pytest.fixture
def loop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Loop]:
    store = Store(tmp_path / "sandbox.sqlite")
    yield Loop(store, monkeypatch)
    store.close()


def test_nothing_is_asked_while_nothing_is_written(loop: Loop) -> None:
    async def story() -> None:
        await loop.until_it_rests()
        for _ in range(TURNS):  # in the threads that it would look in; who only reads wakes nobody
            await asyncio.to_thread(_waiting, loop.store)
        assert loop.looks == 1

    _run(loop, story)


def test_what_is_written_is_done_at_once(loop: Loop) -> None:
    async def story() -> None:
        await loop.until_it_rests()
        _schedule(loop.store, 0)
        await loop.until(lambda: not _waiting(loop.store))

    _run(loop, story)


def test_what_is_due_later_is_done_then(loop: Loop) -> None:
    async def story() -> None:
        _schedule(loop.store, 3_600)
        await loop.until_it_rests()
        assert _waiting(loop.store) == 1
        loop.now += 3_600
        await loop.until(lambda: not _waiting(loop.store))

    _run(loop, story)


def test_what_the_clock_is_moved_past_is_done(loop: Loop) -> None:
    async def story() -> None:
        _schedule(loop.store, 3_600)
        await loop.until_it_rests()
        with loop.store.transaction() as tx:
            clock.set_offset(tx.conn, 3_600)
        await loop.until(lambda: not _waiting(loop.store))

    _run(loop, story)
