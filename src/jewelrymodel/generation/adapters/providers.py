"""The generator that asks providers of image models, one after another, and pays for each once.

What was done is in the book (``attempt_book``), never in this process: a request is noted before it
is sent, and a worker that comes after a crash reads there what it may do. One that finds a request
noted and unanswered never sends it again.
"""

import dataclasses
import hashlib
import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime

import numpy as np

from jewelrymodel.generation.adapters import attempt_book as book
from jewelrymodel.generation.adapters import scene_output
from jewelrymodel.generation.adapters.attempt_book import Lane
from jewelrymodel.generation.adapters.provider import (
    NoPicture,
    Picture,
    Provider,
    Running,
    SceneOrder,
)
from jewelrymodel.generation.adapters.provider_http import ResultLater
from jewelrymodel.generation.adapters.scene_network import people_networks, scene_network
from jewelrymodel.generation.gateway import (
    GeneratorRequest,
    GeneratorStatus,
    OnStep,
    Output,
    OutputBroken,
    Refusal,
)
from jewelrymodel.generation.models import Attempt
from jewelrymodel.generation.rules.attempt_plan import GiveUp, Wait, next_step
from jewelrymodel.generation.rules.described_scene import scene_in
from jewelrymodel.generation.rules.generated_looks import prompt
from jewelrymodel.generation.rules.retry_waits import wait_after
from jewelrymodel.generation.statuses import (
    ATTEMPT_OPEN,
    AttemptState,
    GeneratorName,
    Reason,
    WorkStep,
)
from jewelrymodel.infra import storage

logger = logging.getLogger(__name__)
_LARGEST_SEED = 2**31


class Providers:
    """Makes scenes by the providers of *lanes*, in that order; *speak* returns a lane's adapter."""

    name = GeneratorName.HOSTED.value
    outlives_us = True
    pause_s = 1.0

    def __init__(
        self,
        lanes: Mapping[str, Lane],
        speak: Callable[[Lane], Provider],
        machine_now: Callable[[], datetime],
        webhook_url: Callable[[str, str], str] = lambda provider, attempt_id: "",
    ) -> None:
        self._lanes, self._now, self._webhook_url = lanes, machine_now, webhook_url
        self._adapters = {name: speak(lane) for name, lane in lanes.items()}
        self._outputs: dict[int, Output] = {}

    def submit(self, request: GeneratorRequest) -> str:
        """Return the task's id: nothing is sent before it is noted who is asked."""
        return request.task_id

    def poll(self, handle: str, request: GeneratorRequest, on_step: OnStep) -> GeneratorStatus:
        """Take each image a step on, up to the first that is ready."""
        refused: dict[int, Refusal] = {}
        is_waiting = False
        for position in sorted(request.compositions):
            end = self._advanced(request, position, on_step)
            if isinstance(end, Refusal):
                refused[position] = end
            elif end is None:
                is_waiting = True
            else:
                self._outputs[position] = end
                is_waiting = True
                break
        left = set(request.compositions) - set(self._outputs) - set(refused)
        over = not left or not is_waiting
        return GeneratorStatus(over=over, ready=tuple(self._outputs), refused=refused)

    def fetch(self, handle: str, request: GeneratorRequest, position: int) -> Output:
        """Return an image that is ready."""
        if position not in self._outputs:
            raise OutputBroken(detail=f"image {position} was not made")
        return self._outputs[position]

    def cancel(self, handle: str) -> None:
        """Ask every provider that works on the task to stop; what it cost so far is booked."""
        for attempt in Attempt.objects.filter(item__task_id=handle, state=AttemptState.RUNNING):
            if adapter := self._adapters.get(attempt.provider):
                adapter.cancel(attempt.remote_id)
            book.end(attempt, NoPicture(AttemptState.STOPPED), self._now())

    def _advanced(
        self, request: GeneratorRequest, position: int, on_step: OnStep
    ) -> Output | Refusal | None:
        """The image, why it will not come, or None while it may."""
        if position in self._outputs:
            return self._outputs[position]
        item = book.item_of(request.task_id, position)
        rows = book.attempts(item)
        if rows and rows[-1].state in (*ATTEMPT_OPEN, AttemptState.MADE):
            on_step(WorkStep.GENERATING)
            return self._followed(rows[-1], request, position)
        if not book.is_wanted(request.task_id):
            return Refusal(Reason.CANCELED)
        lanes = book.current(self._lanes)
        closed = book.closed(lanes, self._now())
        step = next_step(book.past(rows), list(lanes), closed)
        if isinstance(step, GiveUp):
            return Refusal(step.reason)
        if isinstance(step, Wait):
            return None
        number = len(rows) + 1
        lane, seed = lanes[step.provider], _seed(item.id, number)
        try:
            attempt = book.begin(item, lane, number=number, seed=seed, now=self._now())
        except book.NotFree as taken:
            logger.info("%s is not asked for %s: %s", step.provider, item.id, taken)
            return None
        on_step(WorkStep.GENERATING)
        return self._sent(attempt, request, position)

    def _sent(self, attempt: Attempt, request: GeneratorRequest, position: int) -> Output | None:
        lane, adapter = self._lanes[attempt.provider], self._adapters[attempt.provider]
        canvas = scene_output.placed(request, position, lane.model.edge_px).canvas
        order = dataclasses.replace(
            self._bare_order(attempt),
            canvas=canvas.picture,
            paint=canvas.paint,
            prompt=_prompt(attempt, request, position),
        )
        try:
            answer = adapter.submit(order)
        except NoPicture as none:
            self._ended(attempt, none)
            return None
        if isinstance(answer, Picture):
            return self._received(attempt, answer, request, position)
        book.running(attempt, answer)
        return None

    def _bare_order(self, attempt: Attempt) -> SceneOrder:
        """The order as far as it can be told from the book."""
        lane = self._lanes[attempt.provider]
        return SceneOrder(
            attempt_id=attempt.id,
            canvas=np.zeros((0, 0, 3), np.uint8),
            paint=np.zeros((0, 0), np.uint8),
            prompt="",
            seed=attempt.seed,
            model=lane.model,
            customer=hashlib.sha256(attempt.account_id.encode()).hexdigest()[:32],
            webhook_url=self._webhook_url(attempt.provider, attempt.id),
        )

    def _followed(
        self, attempt: Attempt, request: GeneratorRequest, position: int
    ) -> Output | None:
        adapter = self._adapters.get(attempt.provider)
        try:
            if not attempt.received_key and storage.exists(_key_of(attempt)):  # its worker died
                book.received(attempt, Picture(b""), _key_of(attempt))
            if attempt.received_key:
                return self._finished(attempt, request, position)
            if adapter is None:
                raise NoPicture(AttemptState.UNKNOWN, detail="the provider isn't set up any more")
            if attempt.state == AttemptState.SENDING:  # its worker is gone
                self._recovered(attempt, adapter, NoPicture(AttemptState.UNKNOWN, detail="crash"))
                return None
            picture = adapter.look(attempt.remote_id)
        except ResultLater as later:
            logger.info("%s: %s", attempt.id, later)
            return None
        except NoPicture as none:
            self._ended(attempt, none)
            return None
        return self._received(attempt, picture, request, position) if picture else None

    def _received(
        self, attempt: Attempt, picture: Picture, request: GeneratorRequest, position: int
    ) -> Output | None:
        """Keep the file before anything is made of it: it is paid for."""
        book.received(attempt, picture, storage.put(_key_of(attempt), picture.data))
        try:
            return self._finished(attempt, request, position)
        except NoPicture as none:
            self._ended(attempt, none)
            return None

    def _finished(self, attempt: Attempt, request: GeneratorRequest, position: int) -> Output:
        """The image of a file that came; raises NoPicture where it is none, or doesn't fit."""
        edge_px = self._edge_px(attempt)
        plan = scene_output.placed(request, position, edge_px)
        scene = scene_output.decoded(storage.get(attempt.received_key))
        output = scene_output.output(
            request, position, plan, scene, scene_network(), people_networks()
        )
        if attempt.state in ATTEMPT_OPEN:
            book.end(attempt, NoPicture(AttemptState.MADE), self._now())
        settings = {
            "look": request.compositions[position].look_id,
            "provider": attempt.provider,
            "model": attempt.model,
            "snapshot": attempt.snapshot,
            "seed": attempt.seed,
            "request_id": attempt.request_id,
            "attempt": attempt.id,
            "prompt": _prompt(attempt, request, position),
            **output.settings,
        }
        cost = sum(one.cost_micros or 0 for one in book.attempts(attempt.item))
        return dataclasses.replace(output, settings=settings, cost_micros=cost)

    def _edge_px(self, attempt: Attempt) -> int:
        lane = self._lanes.get(attempt.provider)
        return lane.model.edge_px if lane else next(iter(self._lanes.values())).model.edge_px

    def _recovered(self, attempt: Attempt, adapter: Provider, none: NoPicture) -> None:
        """End a request whose outcome is unknown, unless its job can be found at the provider."""
        job: Running | None = None
        if none.state is AttemptState.UNKNOWN and not attempt.remote_id:
            job = adapter.recover(self._bare_order(attempt))
        if job:
            book.running(attempt, job)
            return
        wait = None
        if none.state is AttemptState.NOT_NOW:
            jitter = random.random()  # noqa: S311  it keeps nothing secret
            wait = self._now() + wait_after(
                none.retry_after, tries=attempt.number - 1, jitter=jitter, now=self._now()
            )
        book.end(attempt, none, self._now(), retry_at=wait)

    def _ended(self, attempt: Attempt, none: NoPicture) -> None:
        logger.warning("%s at %s: %s", attempt.id, attempt.provider, none)
        self._recovered(attempt, self._adapters[attempt.provider], none)


def _prompt(attempt: Attempt, request: GeneratorRequest, position: int) -> str:
    look_id, scene = request.compositions[position].look_id, scene_in(request.options)
    return prompt(look_id, request.kind, attempt.provider, scene)


def _key_of(attempt: Attempt) -> str:
    """Where the file of a request is stored: with its photo's files, which are deleted together."""
    task = attempt.item.task
    return f"photos/{task.account_id}/{task.photo_id}-generated-{attempt.id}"


def _seed(item_id: str, number: int) -> int:
    """Another one for every request, the same one for the same."""
    digest = hashlib.sha256(f"{item_id} {number}".encode()).digest()
    return int.from_bytes(digest[:8]) % _LARGEST_SEED
