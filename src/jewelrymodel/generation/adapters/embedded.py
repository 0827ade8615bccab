"""Our own renderer, in this process: one image a poll, nothing outlives us."""

import dataclasses
import logging

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.adapters.hosted_placement import from_studio
from jewelrymodel.generation.gateway import (
    HandleUnknown,
    Job,
    OnStep,
    Output,
    OutputBroken,
    Refusal,
    State,
)
from jewelrymodel.generation.statuses import GeneratorName, Reason
from jewelrymodel.studio import render
from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.piece_kinds import Kind, components_of

PREVIEW_EDGE_PX = 420
logger = logging.getLogger(__name__)


class Embedded:
    """Renders when it is polled; its jobs are gone with it, and cost nothing to repeat."""

    name = GeneratorName.EMBEDDED.value
    outlives_us = False
    pause_s = 0.0

    def __init__(self) -> None:
        self._job: Job | None = None
        self._ready: dict[int, Output] = {}
        self._refused: dict[int, Refusal] = {}
        self._canceled = False

    def submit(self, job: Job) -> str:
        """Take the order; return its key."""
        self._job, self._ready, self._refused = job, {}, {}
        return job.key

    def poll(self, handle: str, on_step: OnStep) -> State:
        """Render the next image, unless canceled; return what there is."""
        job = self._known(handle)
        todo = sorted(set(job.looks) - set(self._ready) - set(self._refused))
        if todo and not self._canceled:
            self._render(job, todo.pop(0), on_step)
        return State(
            over=not todo or self._canceled,
            ready=tuple(self._ready),
            refused=dict(self._refused),
            reason=Refusal(Reason.CANCELED) if self._canceled else None,
        )

    def fetch(self, handle: str, job: Job, position: int) -> Output:
        """Hand out an image."""
        self._known(handle)
        if position not in self._ready:
            raise OutputBroken(f"image {position} was not rendered")
        return self._ready[position]

    def cancel(self, handle: str) -> None:
        """Render nothing more."""
        self._canceled = True

    def _known(self, handle: str) -> Job:
        if self._job is None or self._job.key != handle:
            raise HandleUnknown(handle)
        return self._job

    def _render(self, job: Job, position: int, on_step: OnStep) -> None:
        request = render.RenderRequest(
            kind=Kind(job.kind),
            look_id=job.looks[position],
            size_mm=job.size_mm,
            edge_px=job.edge_px,
            **job.options,
        )
        try:
            rendered = render.render(approved(job.cutout, job.kind), request, on_step)
        except render.ViewRefused as refused:
            self._refused[position] = Refusal(Reason.VIEW_REFUSED, str(refused))
            return
        self._ready[position] = Output(
            image=rendered.image,
            fidelity=from_studio(rendered.fidelity),
            invented=tuple(rendered.invented),
            settings=dataclasses.asdict(request),
        )


def approved(rgba: NDArray[np.uint8], kind: str) -> Cutout:
    """Return a cut-out as its seller approved it: their word stands for every doubt."""
    alpha = floats(rgba[..., 3]) / np.float32(255)
    return Cutout(rgba, 0.0, "good", Kind(kind), "as approved", components_of(alpha), ())


def preview(
    cutout: NDArray[np.uint8], kind: str, look_id: str, size_mm: float
) -> NDArray[np.uint8]:
    """Return a small image (HxWx3) of the cut-out in a look; raises the studio's ViewRefused."""
    request = render.RenderRequest(
        kind=Kind(kind), look_id=look_id, size_mm=size_mm, edge_px=PREVIEW_EDGE_PX
    )
    return render.render(approved(cutout, kind), request).image
