"""A seller's corrections, replayed on a network's answer: the same list on the same photo and matte
always gives the same cutout.
"""

from dataclasses import dataclass, replace

import numpy as np

from jewelrymodel.studio.arrays import Bytes, Floats, Mask, floats, lab
from jewelrymodel.studio.brush_strokes import erased, kept, touched
from jewelrymodel.studio.corrections import Correction, Tool
from jewelrymodel.studio.edge_cleaning import cleaned, cleaned_outline
from jewelrymodel.studio.healing import healed
from jewelrymodel.studio.messages import CutoutNote, Message, message
from jewelrymodel.studio.openings import opened
from jewelrymodel.studio.taps import added, dropped, parted

_LEAST_PIECE_PX = 200
_LEAST_SHARE = 0.01
_LEAST_CHANGE = 0.1


@dataclass(frozen=True)
class Corrected:
    """A photo (HxWx3) and its alpha (HxW) after corrections: `retouched` are the pixels that were
    healed, `painted`, `rubbed` and `wiped` those that a keep brush, an eraser and the brush for
    clean edges went over, `notes` say what came of them.
    """

    rgb: Bytes
    alpha: Floats
    retouched: Mask
    painted: Mask
    rubbed: Mask
    wiped: Mask
    notes: tuple[Message, ...] = ()

    @property
    def retouched_px(self) -> int:
        """How much was healed inside what is shown of the piece."""
        return int((self.retouched & (self.alpha > 0.5)).sum())


def replay(
    rgb: Bytes, matte: Floats, alpha: Floats, corrections: tuple[Correction, ...]
) -> Corrected:
    """Apply the corrections in their order to the photo and to the `alpha` that was made of the
    network's `matte`. Where they would leave no piece, everything stays as it was.
    """
    before = Corrected(rgb, alpha, *np.zeros((4, *alpha.shape), bool))
    now, idle = before, 0
    colors = lab(rgb) if corrections else floats(np.zeros_like(rgb))
    for one in corrections:
        after = _healed(now, one) if one.tool is Tool.HEAL else _cut(now, matte, colors, one)
        idle += after is now
        now = _brushed(after, one)
    if corrections and not _is_a_piece(now.alpha, before.alpha):
        return replace(before, notes=(message(CutoutNote.CORRECTIONS_LEFT_NOTHING),))
    if idle:
        return replace(now, notes=(message(CutoutNote.CORRECTIONS_WITHOUT_EFFECT, count=idle),))
    return now


def _brushed(now: Corrected, one: Correction) -> Corrected:
    """What is known of brushes so far: the second time over a place says more than the first."""
    if one.tool is Tool.KEEP:
        return replace(now, painted=now.painted | touched(one, now.alpha.shape))
    if one.tool is Tool.ERASE:
        return replace(now, rubbed=now.rubbed | touched(one, now.alpha.shape))
    if one.tool is Tool.CLEAN:
        return replace(now, wiped=now.wiped | touched(one, now.alpha.shape))
    return now


def _is_a_piece(alpha: Floats, before: Floats) -> bool:
    """Whether there is more left than shreds of what was there."""
    left, former = (int((one > 0.5).sum()) for one in (alpha, before))
    return left >= max(_LEAST_PIECE_PX, _LEAST_SHARE * former)


def _healed(now: Corrected, one: Correction) -> Corrected:
    rgb, changed = healed(now.rgb, now.alpha, one)
    if not changed.any():
        return now
    return replace(now, rgb=rgb, retouched=now.retouched | changed)


def _cut(now: Corrected, matte: Floats, colors: Floats, one: Correction) -> Corrected:
    alpha = _applied(now, matte, colors, one)
    changes = np.abs(alpha - now.alpha).max(initial=0) > _LEAST_CHANGE
    return replace(now, alpha=alpha) if changes else now


def _applied(now: Corrected, matte: Floats, colors: Floats, one: Correction) -> Floats:
    alpha = now.alpha
    match one.tool:
        case Tool.KEEP:
            return kept(alpha, colors, one, now.painted)
        case Tool.ERASE:
            return erased(alpha, colors, one, now.rubbed)
        case Tool.OPENING:
            return opened(alpha, colors, one)
        case Tool.ADD:
            return added(alpha, matte, now.rgb, colors, one)
        case Tool.DROP:
            return dropped(alpha, one)
        case Tool.CLEAN:
            return cleaned(alpha, colors, one, now.wiped)
        case Tool.OUTLINE:
            return cleaned_outline(alpha, colors)
        case _:
            return parted(alpha, one)
