"""From a provider's file to an image of ours: decoded, registered, pasted, measured."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.adapters.hosted_placement import MAX_SCALE, from_studio
from jewelrymodel.generation.adapters.provider import NoPicture
from jewelrymodel.generation.gateway import GeneratorRequest, Output, OutputBroken
from jewelrymodel.generation.rules.blank_image import is_blank
from jewelrymodel.generation.rules.described_scene import DESCRIBED, scene_in
from jewelrymodel.generation.statuses import AttemptState, Reason
from jewelrymodel.studio import fidelity
from jewelrymodel.studio.arrays import floats
from jewelrymodel.studio.composition import size_px
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.generated_scene import with_piece
from jewelrymodel.studio.messages import Alteration, message
from jewelrymodel.studio.pendant_body import photo_px_per_mm
from jewelrymodel.studio.people import person_in
from jewelrymodel.studio.people_networks import PeopleNetworks
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Matrix, similarity
from jewelrymodel.studio.scene_canvas import Canvas, canvas_of
from jewelrymodel.studio.scene_matte import Network
from jewelrymodel.studio.scene_registration import SceneFault

SHARE = 0.5  # of the picture's shorter edge that the piece's longer one takes


@dataclass(frozen=True)
class Placed:
    """Where the piece of a request goes: the finished picture's size (width, height), the transform
    (2x3) from the cutout to it, and the canvas that is sent.
    """

    size: tuple[int, int]
    transform: Matrix
    canvas: Canvas


def placed(request: GeneratorRequest, position: int, edge_px: int) -> Placed:
    """Return the plan of one image, whose canvas is about *edge_px* long."""
    size = size_px(request.compositions[position].aspect, request.edge_px)
    solid = request.cutout[..., 3] > 40
    rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
    extent = float(max(np.ptp(rows), np.ptp(columns)) + 1)
    middle = (float(columns[0] + columns[-1]) / 2, float(rows[0] + rows[-1]) / 2)
    scale = min(MAX_SCALE, _share(request, position) * min(size) / extent)
    transform = similarity(scale, middle, (size[0] / 2, size[1] / 2))
    return Placed(size, transform, canvas_of(request.cutout, transform, size, edge_px))


def _share(request: GeneratorRequest, position: int) -> float:
    scene = scene_in(request.options)
    is_described = request.compositions[position].look_id == DESCRIBED
    return scene.share if scene and is_described else SHARE


def decoded(data: bytes) -> NDArray[np.uint8]:
    """Return a provider's file as pixels (HxWx3). Raises NoPicture: broken or blank."""
    try:
        scene = image_files.decoded(data)
    except OutputBroken as broken:
        raise NoPicture(AttemptState.EMPTY, detail=str(broken), reason=Reason.BROKEN) from None
    if is_blank(scene):
        raise NoPicture(AttemptState.EMPTY, detail="blank", reason=Reason.BLANK)
    return scene


def output(
    request: GeneratorRequest,
    position: int,
    plan: Placed,
    scene: NDArray[np.uint8],
    network: Network | None,
    people: PeopleNetworks | None,
) -> Output:
    """Return the finished image of a *scene* (HxWx3), measured. On a bare surface the *network*,
    where there is one, is asked what stands out; *people* look for somebody in every scene: none is
    ordered with anybody. Raises NoPicture: unfit.
    """
    is_bare = request.compositions[position].look_id != DESCRIBED
    made = with_piece(
        request.cutout, plan.transform, plan.canvas, scene, is_bare=is_bare, network=network
    )
    if isinstance(made, SceneFault):
        raise NoPicture(AttemptState.UNFIT, detail=made.value)
    if people and (seen := person_in(made.image, made.piece, people)):
        raise NoPicture(
            AttemptState.UNFIT, detail=f"person: {seen.value}", reason=Reason.PERSON_SEEN
        )
    alpha = floats(request.cutout[..., 3]) / np.float32(255)
    scale = float(plan.transform[0, 0])
    px_per_mm = photo_px_per_mm(alpha, Kind(request.kind), request.size_mm) * scale
    declared = Declaration(plan.transform, px_per_mm=px_per_mm)
    measured = from_studio(fidelity.measure(request.cutout, made.image, declared))
    if not measured.passed:
        figures = ", ".join(f"{name} {value:g}" for name, value in measured.figures.items())
        raise NoPicture(AttemptState.UNFIT, detail=f"check: {figures}")
    found = made.registration
    return Output(
        image=made.image,
        fidelity=measured,
        alterations=(message(Alteration.BACKGROUND), message(Alteration.SHADOW)),
        settings={
            "registration": {
                "scale": round(found.scale, 4),
                "turn_deg": round(found.turn_deg, 2),
                "shift": round(found.shift, 4),
                "correlation": round(found.correlation, 3),
                "expansion": round(made.expansion, 4),
            },
            "network_asked": network.name if network and is_bare else "",
            "people_looked_for": people is not None,
        },
    )
