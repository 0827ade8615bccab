"""From an uploaded file to a picture in one call: what `jewelrymodel render` runs."""

from dataclasses import replace
from pathlib import Path

from jewelrymodel.studio.corrections import parse
from jewelrymodel.studio.cutout import cut_out
from jewelrymodel.studio.matting import load_matting
from jewelrymodel.studio.matting_choice import AUTO
from jewelrymodel.studio.photo import open_photo
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import render
from jewelrymodel.studio.render_request import Rendered, RenderRequest
from jewelrymodel.studio.retouching import retouched_mm2, retouched_note
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
    corrections: object = (),
) -> Rendered:
    """Decode, cut out, correct, place, check. `kind` None takes the guess; `corrections` are a
    decoded JSON list as `studio.corrections.parse` takes it, in the pixels of the decoded photo.

    Raises PhotoRefused, MattingUnavailable, CorrectionsRefused, PieceNotFound or ViewRefused;
    KeyError on an unknown look.
    """
    on_step(Step.READING_PHOTO)
    photo = open_photo(data)
    hints = parse(corrections, photo.rgb.shape[1], photo.rgb.shape[0])
    matting = load_matting(models_dir, matting_choice)
    cutout = cut_out(photo.rgb, matting, on_step, kind=kind, corrections=hints)
    request = RenderRequest(cutout.kind, look_id, size_mm, edge_px, aspect)
    rendered = render(cutout, request, on_step)
    area = retouched_mm2(cutout.retouched_px, cutout.alpha, cutout.kind, size_mm)
    return replace(rendered, alterations=(*retouched_note(area), *rendered.alterations))
