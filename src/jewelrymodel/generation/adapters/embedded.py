"""Our own renderer, in this process: one image a poll, nothing outlives us."""

import dataclasses
import logging

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.adapters.hosted_placement import from_studio
from jewelrymodel.generation.gateway import (
    GeneratorRequest,
    GeneratorStatus,
    HandleUnknown,
    OnStep,
    Output,
    OutputBroken,
    Refusal,
)
from jewelrymodel.generation.rules.own_model_terms import is_own
from jewelrymodel.generation.statuses import GeneratorName, Reason
from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.components import components_of
from jewelrymodel.studio.composition import Composition
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declared_parts import declared_parts
from jewelrymodel.studio.looks import LOOKS, LookKind
from jewelrymodel.studio.model_templates import Template
from jewelrymodel.studio.packshot_settings import (
    AS_USUAL,
    MAX_EDGE_PX,
    PackshotSettings,
    settings_of,
)
from jewelrymodel.studio.piece_kinds import Kind, KindReason
from jewelrymodel.studio.render_request import Rendered, RenderRequest, ViewRefused

PREVIEW_EDGE_PX = 420
DRAFT_CUTOUT_PX = 800  # the longer edge of a cutout that previews are made of
logger = logging.getLogger(__name__)


class Embedded:
    """Renders when it is polled; its jobs are gone with it, and cost nothing to repeat."""

    name = GeneratorName.EMBEDDED.value
    outlives_us = False
    pause_s = 0.0

    def __init__(self) -> None:
        self._request: GeneratorRequest | None = None
        self._ready: dict[int, Output] = {}
        self._refused: dict[int, Refusal] = {}
        self._canceled = False

    def submit(self, request: GeneratorRequest) -> str:
        """Take the request; return its key."""
        self._request, self._ready, self._refused = request, {}, {}
        return request.key

    def poll(self, handle: str, request: GeneratorRequest, on_step: OnStep) -> GeneratorStatus:
        """Render the next image of what was submitted, unless canceled; return what there is."""
        request = self._known(handle)
        todo = sorted(set(request.compositions) - set(self._ready) - set(self._refused))
        if todo and not self._canceled:
            self._render(request, todo.pop(0), on_step)
        return GeneratorStatus(
            over=not todo or self._canceled,
            ready=tuple(self._ready),
            refused=dict(self._refused),
            reason=Refusal(Reason.CANCELED) if self._canceled else None,
        )

    def fetch(self, handle: str, request: GeneratorRequest, position: int) -> Output:
        """Hand out an image."""
        self._known(handle)
        if position not in self._ready:
            raise OutputBroken(detail=f"image {position} was not rendered")
        return self._ready[position]

    def cancel(self, handle: str) -> None:
        """Render nothing more."""
        self._canceled = True

    def _known(self, handle: str) -> GeneratorRequest:
        if self._request is None or self._request.key != handle:
            raise HandleUnknown(handle=handle)
        return self._request

    def _render(self, request: GeneratorRequest, position: int, on_step: OnStep) -> None:
        composition = request.compositions[position]
        own_model = request.own_models.get(composition.look_id)
        if own_model is None and is_own(composition.look_id):
            self._refused[position] = Refusal(Reason.AGREEMENT_OVER)
            return
        from jewelrymodel.studio.render import render  # slow to load: only where images are made

        picture = picture_request(request, composition)
        cutout = approved(request.cutout, request.kind)
        try:
            rendered = render(cutout, picture, on_step, request.photo, own_model)
        except ViewRefused as refused:
            self._refused[position] = Refusal(Reason.VIEW_REFUSED, refused.message)
            return
        self._ready[position] = Output(
            image=rendered.image,
            fidelity=from_studio(rendered.fidelity),
            alterations=rendered.alterations,
            settings=dataclasses.asdict(picture),
            declared_parts=declared_parts(request.cutout, rendered.declaration, _size(rendered)),
        )


def picture_request(request: GeneratorRequest, composition: Composition) -> RenderRequest:
    """Return what the renderer is asked for; a packshot comes as large as the photo carries."""
    options = dict(request.options)
    packshot = settings_of(options.pop("packshot", {}))
    look = LOOKS.get(composition.look_id)
    alone = look is not None and look.kind is LookKind.PACKSHOT
    return RenderRequest(
        kind=Kind(request.kind),
        look_id=composition.look_id,
        size_mm=request.size_mm,
        edge_px=MAX_EDGE_PX if alone else request.edge_px,
        aspect=composition.aspect,
        adjustment=composition.adjustment,
        packshot=packshot,
        **options,
    )


def _size(rendered: Rendered) -> tuple[int, int]:
    height, width = rendered.image.shape[:2]
    return width, height


def approved(rgba: NDArray[np.uint8], kind: str) -> Cutout:
    """Return a cutout as its seller approved it: their word stands for every doubt."""
    alpha = floats(rgba[..., 3]) / np.float32(255)
    return Cutout(
        rgba, 0.0, "good", Kind(kind), KindReason.NAMED_BY_SELLER, components_of(alpha), ()
    )


@dataclasses.dataclass(frozen=True)
class Draft:
    """A small image (HxWx3, HxWx4 of a transparent look), the millimeters of the piece that its
    width shows, and where the cutout lies in it: a transform (2x3) from shares of the cutout's
    width and height to shares of the image's. `middle` is that of the piece, in the former.
    """

    image: NDArray[np.uint8]
    width_mm: float
    place: NDArray[np.float64]
    middle: tuple[float, float]


def small(cutout: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a cutout (HxWx4, straight alpha) with as many pixels as previews need."""
    height, width = cutout.shape[:2]
    scale = DRAFT_CUTOUT_PX / max(height, width)
    if scale >= 1:
        return cutout
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    cover = cutout[..., 3:].astype(np.float32) / 255
    light = cv2.resize(cutout[..., :3] * cover, size, interpolation=cv2.INTER_AREA)
    less = cv2.resize(cover, size, interpolation=cv2.INTER_AREA)
    color = light / np.maximum(less, 1e-3)[..., None]
    return np.dstack([color, less * 255]).round().clip(0, 255).astype(np.uint8)


def preview(
    cutout: NDArray[np.uint8],
    kind: str,
    composition: Composition,
    size_mm: float,
    edge_px: int = PREVIEW_EDGE_PX,
    packshot: PackshotSettings = AS_USUAL,
    own_model: Template | None = None,
) -> Draft:
    """Return a draft of the cutout in a composition, `edge_px` long, as the image will be but for
    its pixels. Raises the studio's ViewRefused.
    """
    request = RenderRequest(
        kind=Kind(kind),
        look_id=composition.look_id,
        size_mm=size_mm,
        edge_px=edge_px,
        aspect=composition.aspect,
        adjustment=composition.adjustment,
        packshot=packshot,
        draft=True,
    )
    from jewelrymodel.studio.render import render  # slow to load: only where drafts are made

    rendered = render(approved(cutout, kind), request, own_model=own_model)
    (height, width), (rows, columns) = rendered.image.shape[:2], cutout.shape[:2]
    matrix = rendered.declaration.transform * np.array([columns, rows, 1])
    place = matrix / np.array([[width], [height]])
    width_mm = width / (rendered.declaration.px_per_mm or 1)
    return Draft(rendered.image, width_mm, place, _middle(cutout[..., 3] > 127))


def _middle(solid: NDArray[np.bool_]) -> tuple[float, float]:
    """The middle of the frame of what is solid, as shares of the width and height."""
    x, y = ((np.flatnonzero(solid.any(axis))[[0, -1]].sum() + 1) / 2 for axis in (0, 1))
    return float(x) / solid.shape[1], float(y) / solid.shape[0]
