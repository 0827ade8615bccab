"""``jewelrymodel render``: one photo in, one image out, on this machine, without the service."""

import argparse
import json
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from jewelrymodel.infra.clock import real_now
from jewelrymodel.studio.export import (
    COMPOSITE_SYNTHETIC,
    HUMAN_EDITS,
    Format,
    Provenance,
    encode,
)
from jewelrymodel.studio.looks import LookKind
from jewelrymodel.studio.messages import StudioRefusal
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.pipeline import make_picture
from jewelrymodel.studio.render import LOOKS, Rendered, looks_for
from jewelrymodel.studio.steps import Step
from jewelrymodel.web.studio_messages.display import (
    alteration_text,
    described,
    refusal_sentence,
)
from jewelrymodel.web.studio_messages.look_titles import look_title
from jewelrymodel.web.studio_messages.step_labels import step_label

USUAL_SIZE_MM = {
    Kind.PENDANT: 25.0,
    Kind.NECKLACE: 140.0,
    Kind.RING: 17.5,
    Kind.EARRING: 25.0,
    Kind.BRACELET: 60.0,
}
FORMATS: dict[str, Format] = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg", ".webp": "webp"}


class RenderRefused(Exception):
    """The image can't be made as it was asked for."""


def run(options: argparse.Namespace) -> int:
    """Make the image, saying each step and the verdict; 0, or 1 when the automatic check failed.

    Raises RenderRefused, with a sentence that says what to do.
    """
    kind, fmt = _kind(options.kind), _format(options.output)
    look_id = _look(options.look, kind)
    size_mm = options.size_mm or USUAL_SIZE_MM[kind]
    photo = Path(options.photo)
    if not photo.is_file():
        raise RenderRefused(f"there is no photo at {photo}")
    started_s = time.monotonic()
    print(f"{photo.name}: a {kind} of {size_mm:g} mm, “{look_title(look_id)}”", flush=True)
    try:
        made = make_picture(
            photo.read_bytes(),
            kind,
            look_id,
            size_mm,
            settings.MODELS_DIR,
            lambda step: _print_step(step, time.monotonic() - started_s),
            matting_choice=settings.MATTING_MODEL,
            corrections=_corrections(options.corrections),
        )
    except StudioRefusal as refused:
        raise RenderRefused(refusal_sentence(refused)) from refused
    about = described(_stored(made), LOOKS[look_id].kind)
    provenance = Provenance(real_now(), about, source_type=_source_type(look_id))
    Path(options.output).write_bytes(encode(made.image, fmt, provenance))
    _report(made, options.output, time.monotonic() - started_s)
    return 0 if made.fidelity.passed else 1


def _source_type(look_id: str) -> str:
    alone = LOOKS[look_id].kind is LookKind.PACKSHOT
    return HUMAN_EDITS if alone else COMPOSITE_SYNTHETIC


def _corrections(path: str | None) -> object:
    """The decoded list in the file at *path*; the studio says whether it can be taken."""
    if path is None:
        return ()
    try:
        return json.loads(Path(path).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise RenderRefused(f"the corrections in {path} can't be read: {error}") from None


def _print_step(step: Step, took_s: float) -> None:
    print(f"  {took_s:5.1f} s  {step_label(step)}", flush=True)


def _stored(made: Rendered) -> list[dict[str, Any]]:
    return [one.stored for one in made.alterations]


def _report(made: Rendered, output: str, took_s: float) -> None:
    height, width = made.image.shape[:2]
    fidelity = made.fidelity
    verdict = "no large change from the cutout" if fidelity.passed else "FAILED, a large change"
    print(
        f"Automatic check: {verdict} (edges {fidelity.gradient_correlation:.3f}, "
        f"worst detail {fidelity.local_ssim_worst5:.2f}, color ΔE {fidelity.delta_e:.1f})"
    )
    for one in _stored(made):
        print(alteration_text(one))
    print(f"{output}: {width} × {height} px in {took_s:.1f} s")


def _kind(word: str) -> Kind:
    try:
        return Kind(word)
    except ValueError:
        raise RenderRefused(f"there is no kind {word!r}; choose {', '.join(Kind)}") from None


def _format(output: str) -> Format:
    try:
        return FORMATS[Path(output).suffix.lower()]
    except KeyError:
        raise RenderRefused(f"{output} has to end in {', '.join(FORMATS)}") from None


def _look(word: str, kind: Kind) -> str:
    suiting = [look.id for look in looks_for(kind)]
    if word not in suiting:
        raise RenderRefused(f"a {kind} has no look {word!r}; choose {', '.join(suiting)}")
    return word
