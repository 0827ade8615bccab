"""What the automatic check says of an image: no more than it looked at, and how often it errs."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jewelrymodel.generation.models import Asset
from jewelrymodel.generation.statuses import GeneratorName
from jewelrymodel.infra import formats
from jewelrymodel.studio.fidelity import (
    MAX_MATERIAL_TINT,
    MAX_SPOT,
    MAX_SPOT_KNOWN,
    MAX_TINT_COMPRESSED,
)
from jewelrymodel.studio.image_check_record import ErrorRate, miss_rate


@dataclass(frozen=True)
class CheckVerdict:
    """The verdict in a sentence, what couldn't be checked in this image, how often the version that
    looked at it misses damage (empty where that was never measured), how large a changed spot may
    be on this piece (0 where its size isn't known), and how far the hue of its metal may be off.
    """

    sentence: str
    unchecked: tuple[str, ...]
    rate: str
    max_spot_mm2: float
    max_tint: float


def check_verdict(asset: Asset) -> CheckVerdict:
    """Return the verdict of an image that passed."""
    unchecked = tuple(_unchecked(asset))
    own_look = asset.generator == GeneratorName.EMBEDDED
    rate = miss_rate(asset.check_version, own_look=own_look)
    most = MAX_SPOT_KNOWN if own_look else MAX_SPOT
    return CheckVerdict(
        _sentence(asset, unchecked),
        unchecked,
        _rate(rate) if rate else "",
        most * asset.fidelity.get("piece_mm2", 0),
        MAX_MATERIAL_TINT if own_look else MAX_TINT_COMPRESSED,
    )


def check_summary(asset: Asset) -> str:
    """Return the verdict of an image that passed in a line."""
    retouched_mm2 = asset.item.task.retouched_mm2
    if retouched_mm2:
        area = formats.number(retouched_mm2, 1)
        return _("Automatic check: retouched, %(area)s mm² of the piece.") % {"area": area}
    if _unchecked(asset):
        return _(
            "Automatic check: no large change on the piece itself was found. Its surroundings "
            "couldn’t be checked completely."
        )
    return _("Automatic check: no large change from your cutout was found.")


def _sentence(asset: Asset, unchecked: tuple[str, ...]) -> str:
    retouched_mm2 = asset.item.task.retouched_mm2
    if retouched_mm2:
        area = formats.number(retouched_mm2, 1)
        return _(
            "Retouched: %(area)s mm² of the piece. Apart from that, no large change from your "
            "approved cutout was found."
        ) % {"area": area}
    if unchecked:
        return _("On the piece itself, no large change from your approved cutout was found.")
    return _("No large change from your approved cutout was found.")


def _unchecked(asset: Asset) -> list[str]:
    figures: dict[str, float] = asset.fidelity
    parts: list[str] = []
    if "openings" not in figures:  # an earlier version of the check, which looked at none of these
        return parts
    if "openings_filled" not in figures:
        parts.append(
            _(
                "Not checked: whether the openings of the piece are open. The background doesn’t "
                "let us tell."
            )
        )
    if "added" not in figures:
        parts.append(
            _(
                "Not checked: whether something was added beside the piece. The background doesn’t "
                "let us tell."
            )
        )
    return parts


def _rate(rate: ErrorRate) -> str:
    return _(
        "In our tests, it missed %(missed)s of %(planted)s planted damages (at most %(bound)s%%)."
    ) % {
        "missed": formats.number(rate.wrong),
        "planted": formats.number(rate.pictures),
        "bound": formats.number(100 * rate.at_most, 1),
    }
