"""What a worker does with one task: ask the generator, keep what comes, settle.

Every crash leaves rows from which the next lease goes on: outputs that are kept stay kept, a stored
handle is polled instead of paid for twice, and an output without a row is an orphaned file.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from jewelrymodel.generation import operations, queries
from jewelrymodel.generation.adapters import generators, image_files
from jewelrymodel.generation.adapters.image_files import StoredImage
from jewelrymodel.generation.adapters.own_model_photos import own_template
from jewelrymodel.generation.adapters.source_label import source_label
from jewelrymodel.generation.gateway import (
    Generator,
    GeneratorRefused,
    GeneratorRequest,
    GeneratorStatus,
    GeneratorUnavailable,
    HandleUnknown,
    Output,
    OutputBroken,
    Refusal,
)
from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.lease_heartbeat import Clock, heartbeat
from jewelrymodel.generation.limits import GENERATOR_LIMIT
from jewelrymodel.generation.models import Task
from jewelrymodel.generation.queries import own_models
from jewelrymodel.generation.rules import blank_image
from jewelrymodel.generation.statuses import Reason, WorkStep
from jewelrymodel.infra import storage
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.studio.composition import Composition
from jewelrymodel.studio.export import xmp_packet
from jewelrymodel.studio.look_kinds import LookKind
from jewelrymodel.studio.messages import Alteration
from jewelrymodel.studio.model_templates import Template
from jewelrymodel.studio.steps import Step

VISIT_S = 15.0  # how long one visit to a slow generator may keep a worker
NEXT_VISIT = timedelta(seconds=3)
logger = logging.getLogger(__name__)


def run_task(task_id: str, clock: Clock) -> None:
    """Drive one task as far as it goes now: settled, or parked until the generator is done.

    Raises NotLeasable where somebody else is at it, FenceLost where somebody else took over.
    """
    lease = operations.lease_task(task_id=task_id, now=clock.now(), machine_now=clock.machine_now())
    task = Task.objects.get(pk=task_id)
    with heartbeat(lease, clock):
        Run(task, lease, generators.named(task.generator, clock.machine_now), clock).drive()


@dataclass
class Run:
    """One lease's worth of work on one task."""

    task: Task
    lease: Lease
    generator: Generator
    clock: Clock
    request: GeneratorRequest = field(init=False)

    def drive(self) -> None:
        """Work, then settle unless the task was parked."""
        leftover = self._work()
        if leftover is not None:
            operations.settle(
                lease=self.lease,
                leftover=leftover,
                now=self.clock.now(),
                machine_now=self.clock.machine_now(),
            )

    def _work(self) -> Refusal | None:
        """Return what the images still missing end with, or None when it is parked."""
        if self._is_canceled() and not self.task.provider_handle:
            return Refusal(Reason.CANCELED)
        if not queries.waiting_positions(self.task.id):
            return Refusal(Reason.NOT_DELIVERED)
        self.request = request_for(self.task, queries.waiting_positions(self.task.id))
        try:
            return self._poll_until_over(self.task.provider_handle or self._ask())
        except GeneratorRefused as refused:
            return Refusal(refused.code)
        except HandleUnknown:
            operations.note_handle(lease=self.lease, handle="")
            return self._later()
        except GeneratorUnavailable as error:
            logger.warning("generator unavailable for %s: %s", self.task.id, error)
            return self._later()

    def _ask(self) -> str:
        """Submit; the handle is stored before anything is polled."""
        operations.note_asked(lease=self.lease, machine_now=self.clock.machine_now())
        self.task.refresh_from_db(fields=["asked_at"])
        self._step(WorkStep.ASKING_GENERATOR)
        handle = self.generator.submit(self.request)
        if self.generator.outlives_us:
            operations.note_handle(lease=self.lease, handle=handle)
        return handle

    def _poll_until_over(self, handle: str) -> Refusal | None:
        leave_at = time.monotonic() + VISIT_S
        while True:
            canceled = self._is_canceled()
            if canceled:
                self.generator.cancel(handle)
            state = self.generator.poll(handle, self.request, self._step)
            self._collect(handle, state)
            if state.over or not queries.waiting_positions(self.task.id):
                fallback = Reason.CANCELED if canceled else Reason.NOT_DELIVERED
                return state.reason or Refusal(fallback)
            if canceled:
                return Refusal(Reason.CANCELED)
            if self.generator.outlives_us and time.monotonic() > leave_at:
                return self._later()
            self.clock.sleep(self.generator.pause_s)

    def _later(self) -> Refusal | None:
        """Park the task, or give up waiting: time-out is no verdict until the limit (edge 3)."""
        asked_at = self.task.asked_at
        now = self.clock.machine_now()
        if asked_at and now - asked_at > GENERATOR_LIMIT:
            return Refusal(Reason.GENERATOR_TIMEOUT)
        operations.park_task(lease=self.lease, machine_now=now, wait=NEXT_VISIT)
        return None

    def _collect(self, handle: str, state: GeneratorStatus) -> None:
        waiting = queries.waiting_positions(self.task.id)
        for position, refusal in state.refused.items():
            if position in waiting:
                operations.fail_item(lease=self.lease, position=position, refusal=refusal)
        for position in state.ready:
            if position in waiting:
                self._take(handle, position)
                operations.note_progress(lease=self.lease, machine_now=self.clock.machine_now())

    def _take(self, handle: str, position: int) -> None:
        self._step(Step.CHECKING)
        output = judged(self.generator, handle, self.request, position)
        if isinstance(output, Refusal):
            operations.fail_item(lease=self.lease, position=position, refusal=output)
            return
        stored = stored_output(self.task, position, f"{self.lease.fence}", output, self.clock.now())
        try:
            operations.keep_output(
                lease=self.lease,
                position=position,
                stored=stored,
                output=output,
                now=self.clock.now(),
            )
        except operations.AgreementOver:  # revoked while we rendered
            for key in (stored.image_key, stored.view_key):
                storage.delete(key)
            over = Refusal(Reason.AGREEMENT_OVER)
            operations.fail_item(lease=self.lease, position=position, refusal=over)

    def _step(self, step: str) -> None:
        operations.note_step(lease=self.lease, step=step)

    def _is_canceled(self) -> bool:
        return Task.objects.filter(pk=self.task.id, cancel_requested_at__isnull=False).exists()


def request_for(task: Task, compositions: dict[int, Composition]) -> GeneratorRequest:
    """Return the request for some of a task's images; the same images give the same key."""
    positions = "-".join(map(str, sorted(compositions)))
    kinds = {queries.look_kind(one.look_id) for one in compositions.values()}
    is_wanted = LookKind.PACKSHOT in kinds
    whole = queries.whole_key(task.account_id, task.photo_id)
    return GeneratorRequest(
        key=f"{task.id}:{positions}",
        cutout=image_files.load(task.cutout_key),
        kind=task.kind,
        size_mm=task.size_mm,
        edge_px=task.edge_px,
        compositions=compositions,
        options=task.options,
        photo=image_files.load(whole) if is_wanted and storage.exists(whole) else None,
        task_id=task.id,
        own_models=_own_models(task, compositions),
    )


def _own_models(task: Task, compositions: dict[int, Composition]) -> dict[str, Template]:
    """The people among the looks who agree now, by look; nobody of another account."""
    wanted = {one.look_id for one in compositions.values()}
    rows = own_models.usable(account_id=task.account_id).filter(pk__in=wanted)
    templates = {}
    for model in rows:
        try:
            templates[model.pk] = own_template(model)
        except FileNotFoundError:  # erased while we read: the image ends with its reason
            logger.info("%s is erased", model.pk)
    return templates


def judged(
    generator: Generator, handle: str, request: GeneratorRequest, position: int
) -> Output | Refusal:
    """Fetch one image; return it, or why it is a failed output and not a matter of taste."""
    try:
        output = generator.fetch(handle, request, position)
    except OutputBroken:
        return Refusal(Reason.BROKEN)
    if blank_image.is_blank(output.image):
        return Refusal(Reason.BLANK)
    return output if output.fidelity.passed else Refusal(Reason.NOT_FAITHFUL)


def stored_output(
    task: Task, position: int, attempt: str, output: Output, now: datetime
) -> StoredImage:
    """Store an image, labeled as what it is, under a key that no other attempt uses."""
    key = f"assets/{task.account_id}/{task.id}/{position}-{attempt}"
    look_id = task.items.get(position=position).look_id
    drawn = any(one.code is Alteration.PLAIN_CHAIN_DRAWN for one in output.alterations)
    label = xmp_packet(source_label(task.generator, look_id, made_at=now, is_drawn=drawn))
    return image_files.store(key, output.image, label=label)


def collect_late(task_id: str, clock: Clock) -> None:
    """Hand over, free, what a generator delivers after its task was settled (edge 3)."""
    task = Task.objects.get(pk=task_id)
    if task.late_until_at is None:
        return
    try:
        over = _collect_owed(task, clock)
    except HandleUnknown:
        over = True
    except GeneratorUnavailable:
        over = False
    if over or clock.machine_now() > task.late_until_at:
        operations.stop_waiting(task_id=task_id)


def _collect_owed(task: Task, clock: Clock) -> bool:
    """Return whether nothing more can come."""
    generator = generators.named(task.generator, clock.machine_now)
    owed = queries.owed_positions(task.id)
    request = request_for(task, owed)
    state = generator.poll(task.provider_handle, request, lambda step: None)
    for position in set(state.ready) & set(owed):
        output = judged(generator, task.provider_handle, request, position)
        if isinstance(output, Output):
            attempt = new_id("late", now=clock.machine_now())
            stored = stored_output(task, position, attempt, output, clock.now())
            try:
                operations.deliver_late(
                    task_id=task.id,
                    position=position,
                    stored=stored,
                    output=output,
                    now=clock.now(),
                )
            except operations.NotOwedAnymore:
                logger.info("%s was handed over already", task.id)
    return state.over or not queries.owed_positions(task.id)
