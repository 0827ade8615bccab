"""From an uploaded file to a picture in one call: what `jewelrymodel render` runs."""

from pathlib import Path

from jewelrymodel.studio.cutout import cut_out
from jewelrymodel.studio.matting import load_matting
from jewelrymodel.studio.matting_choice import AUTO
from jewelrymodel.studio.photo import open_photo
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import render
from jewelrymodel.studio.render_request import Rendered, RenderRequest
from jewelrymodel.studio.steps import OnStep, Step, silent


def make_picture(
    data: bytes,
    kind: Kind | None,
    look_id: str,
    size_mm: float,
    models_dir: Path,
    on_step: OnStep = silent,
    *,
    matting_choice: str = AUTO,
    edge_px: int = 1536,
    aspect: str = "1:1",
) -> Rendered:
    """Decode, cut out, place, check. `kind` None takes the guess.

    Raises PhotoRefused, MattingUnavailable, PieceNotFound or ViewRefused; KeyError on an unknown
    look.
    """
    on_step(Step.READING_PHOTO)
    photo = open_photo(data)
    cutout = cut_out(photo.rgb, load_matting(models_dir, matting_choice), on_step, kind=kind)
    request = RenderRequest(cutout.kind, look_id, size_mm, edge_px, aspect)
    return render(cutout, request, on_step)
