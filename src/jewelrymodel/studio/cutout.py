"""The piece without its photo: alpha, clean edge colors, a guess of its kind, and doubts to
show.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, floats, grown, to_bytes
from jewelrymodel.studio.chain_recovery import with_chain
from jewelrymodel.studio.components import Component, components_of, cutout_of
from jewelrymodel.studio.correction_replay import Corrected, replay
from jewelrymodel.studio.corrections import Correction
from jewelrymodel.studio.cutout_doubts import find_doubts, notes_of
from jewelrymodel.studio.cutout_quality import (
    PieceNotFound,
    is_doubtful,
    notes_of_parts,
    refuse_hopeless,
    uncertainty,
)
from jewelrymodel.studio.doubt_edges import drawn
from jewelrymodel.studio.edge_colors import foreground_colors
from jewelrymodel.studio.faded_parts import with_solid_parts
from jewelrymodel.studio.frame_sides import Side, sides_cut
from jewelrymodel.studio.loose_print import without_loose_print
from jewelrymodel.studio.matte_refinement import clean_matte, connected, seeds
from jewelrymodel.studio.matting import Matting
from jewelrymodel.studio.matting_weights import U2NETP
from jewelrymodel.studio.messages import CutoutNote, Message, PieceProblem, message
from jewelrymodel.studio.piece_kinds import Kind, KindReason, guess_kind
from jewelrymodel.studio.see_through_spots import without_see_through_spots
from jewelrymodel.studio.steps import OnStep, Step, silent
from jewelrymodel.studio.usual_sizes import usual_size_mm

_SETTLED = 0.3  # of cover: where a tap or a correction changed as much, the seller has decided

__all__ = ["Cutout", "Matte", "PieceNotFound", "cut_by", "cut_out", "draft_by", "matte_of"]


@dataclass(frozen=True)
class Matte:
    """A network's answer for a photo: `cover` (HxW, 0 to 255), and which network's it is."""

    cover: Bytes
    network: str


@dataclass(frozen=True)
class Cutout:
    """The piece, cut out.

    `rgba` is the whole frame (HxWx4, straight alpha), so that places in it are places in the photo.
    `confidence` is the share of unsure area, 0 is sure; the verdict is "check" above 0.12 and where
    more than a little is in doubt. `kind` is a guess with `kind_reason`; `components` are the parts
    found, largest first, to choose from.
    `doubts` (HxWx4, straight alpha) marks the edges where parts of the piece may be missing or may
    not belong to it, to be laid over the photo; None where there is nothing to mark.
    `retouched_px` is the area that was healed inside the piece. `usual_mm` is how large a piece of
    its kind and form usually is; None where nobody is going to be asked.
    """

    rgba: Bytes
    confidence: float
    verdict: Literal["good", "check"]
    kind: Kind
    kind_reason: KindReason
    components: tuple[Component, ...]
    notes: tuple[Message, ...]
    doubts: Bytes | None = None
    retouched_px: int = 0
    usual_mm: float | None = None

    @property
    def alpha(self) -> Floats:
        """Alpha as floats, 0 to 1."""
        return floats(self.rgba[..., 3] / 255)

    @property
    def box(self) -> tuple[int, int, int, int]:
        """The frame (x0, y0, x1, y1) round everything that is kept."""
        solid = self.rgba[..., 3] > 40
        rows, columns = np.flatnonzero(solid.any(1)), np.flatnonzero(solid.any(0))
        return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1

    @property
    def cut_at_frame(self) -> frozenset[Side]:
        """The sides of the photo's frame that cut the piece."""
        return sides_cut(self.alpha)


def cut_out(
    rgb: Bytes,
    matting: Matting,
    on_step: OnStep = silent,
    *,
    kind: Kind | None = None,
    tapped: tuple[int, int] | None = None,
    corrections: tuple[Correction, ...] = (),
) -> Cutout:
    """Cut the piece out of a photo. `kind` where the seller named it; `tapped` is a point (x, y)
    on the piece to use when there are several; `corrections` are the seller's. Raises
    PieceNotFound.
    """
    matte = matte_of(rgb, matting, on_step)
    return cut_by(rgb, matte, on_step, kind=kind, tapped=tapped, corrections=corrections)


def matte_of(rgb: Bytes, matting: Matting, on_step: OnStep = silent) -> Matte:
    """The network's answer for a photo, by which it can be cut out more than once."""
    on_step(Step.FINDING_PIECE)
    return Matte(to_bytes(clean_matte(rgb, matting)), matting.name)


def cut_by(
    rgb: Bytes,
    matte: Matte,
    on_step: OnStep = silent,
    *,
    kind: Kind | None = None,
    tapped: tuple[int, int] | None = None,
    corrections: tuple[Correction, ...] = (),
) -> Cutout:
    """As `cut_out`, by a network's answer that is there already: the same one for the same photo
    and corrections gives the same cutout, byte for byte.
    """
    on_step(Step.CUTTING_OUT)
    seen = floats(matte.cover / 255)
    found = _piece_in(rgb, seen)
    untouched = _solid(rgb, found)
    corrected = _corrected(rgb, seen, untouched, corrections, on_step)
    alpha = _only_tapped(corrected.alpha, tapped, required=not corrections)
    # Whether a photo will do is asked of what the network saw, not of what became solid since.
    judged = alpha if corrections else _only_tapped(found, tapped, required=False)
    unsure = uncertainty(judged)
    # What the seller made of a good cutout is theirs to judge; a hopeless one has to be mended.
    if not corrections or _is_hopeless(rgb, found):
        refuse_hopeless(rgb, judged, unsure)
    on_step(Step.CLEANING_EDGE)
    parts = components_of(alpha)
    guessed, reason = guess_kind(alpha, parts, rgb)
    settled = np.asarray(np.abs(alpha - untouched) > _SETTLED)
    doubts = find_doubts(corrected.rgb, alpha, seen, settled)
    return Cutout(
        rgba=_with_clean_edges(corrected.rgb, alpha),
        confidence=round(unsure, 3),
        verdict="check" if is_doubtful(unsure, doubts.share_of(alpha)) else "good",
        kind=kind or guessed,
        kind_reason=reason if kind is None else KindReason.NAMED_BY_SELLER,
        components=parts,
        notes=(
            *_matting_notes(matte),
            *corrected.notes,
            *notes_of(doubts),
            *notes_of_parts(parts, reason),
        ),
        doubts=drawn(doubts),
        retouched_px=corrected.retouched_px,
        usual_mm=usual_size_mm(kind or guessed, alpha, parts),
    )


def draft_by(rgb: Bytes, matte: Matte, corrections: tuple[Correction, ...] = ()) -> Bytes:
    """The cutout (HxWx4) as it stands, also one that `cut_by` refuses: for its seller to mend."""
    seen = floats(matte.cover / 255)
    corrected = replay(rgb, seen, _solid(rgb, _piece_in(rgb, seen)), corrections)
    if not (corrected.alpha > 0).any():
        return np.dstack([rgb, to_bytes(corrected.alpha)])
    return _with_clean_edges(corrected.rgb, corrected.alpha)


def _is_hopeless(rgb: Bytes, alpha: Floats) -> bool:
    try:
        refuse_hopeless(rgb, alpha, uncertainty(alpha))
    except PieceNotFound:
        return True
    return False


def _piece_in(rgb: Bytes, seen: Floats) -> Floats:
    """What of the network's answer is the piece, before anybody corrects it."""
    sure = seeds(seen)
    if not sure.any():
        return floats(np.zeros_like(seen))
    return without_loose_print(rgb, with_chain(seen, connected(seen, sure)))


def _solid(rgb: Bytes, found: Floats) -> Floats:
    """The piece with what the network saw too faintly made solid."""
    return without_see_through_spots(rgb, with_solid_parts(rgb, found))


def _corrected(
    rgb: Bytes,
    seen: Floats,
    alpha: Floats,
    corrections: tuple[Correction, ...],
    on_step: OnStep,
) -> Corrected:
    """The piece `alpha` in the network's answer `seen`, with the seller's corrections."""
    if corrections:
        on_step(Step.APPLYING_CORRECTIONS)
    corrected = replay(rgb, seen, alpha, corrections)
    if not (corrected.alpha > 0.5).any():
        refuse_hopeless(rgb, corrected.alpha, 0)
    return corrected


def _matting_notes(matte: Matte) -> tuple[Message, ...]:
    """What to tell the seller about the network that served."""
    if matte.network != U2NETP.name:
        return ()
    return (message(CutoutNote.SMALL_MODEL),)


def _only_tapped(alpha: Floats, tapped: tuple[int, int] | None, *, required: bool) -> Floats:
    if tapped is None:
        return alpha
    x, y = tapped
    for part in components_of(alpha):
        x0, y0, x1, y1 = part.box
        if x0 <= x < x1 and y0 <= y < y1:
            return cutout_of(alpha, part)
    if required:
        raise PieceNotFound(PieceProblem.NOTHING_TAPPED)
    return alpha  # a correction left nothing there: the other parts are better than none


def _with_clean_edges(rgb: Bytes, alpha: Floats) -> Bytes:
    """Straight alpha with the background's color taken out of half-covered pixels. Fully covered
    pixels keep the photo's own bytes: the product is never redrawn.
    """
    colors = rgb.copy()
    near = grown(np.asarray(alpha > 0), 9)
    rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    part, cover = rgb[window], alpha[window]
    estimated = to_bytes(foreground_colors(floats(part / 255), cover))
    colors[window] = np.where(cover[..., None] > 0.98, part, estimated)
    return np.dstack([colors, to_bytes(alpha)])
