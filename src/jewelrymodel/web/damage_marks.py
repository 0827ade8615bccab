"""The place in an image where a customer says it is damaged, in the image's own pixels."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from jewelrymodel.generation.models import Asset
from jewelrymodel.support.queries import ImageToReview
from jewelrymodel.web.studio_messages.look_titles import look_title

_RADIUS = 0.045
"""Of a mark's ring, as a share of the image's longer side."""


@dataclass(frozen=True)
class Mark:
    """A ring around a place: its center and radius in pixels of the image."""

    x: int
    y: int
    radius: int


def mark_of(one: ImageToReview) -> Mark | None:
    """Return the mark in an image; None where no place was named."""
    report, image = one.report, one.image
    if report is None or report.mark_x is None or report.mark_y is None:
        return None
    return Mark(
        x=round(report.mark_x * image.width_px / 1000),
        y=round(report.mark_y * image.height_px / 1000),
        radius=round(max(image.width_px, image.height_px) * _RADIUS),
    )


def image_title(image: Asset) -> str:
    """Return an image by its number in its generation, and its look."""
    number, look = image.item.position + 1, look_title(image.item.look_id)
    return _("Image %(n)s · %(look)s") % {"n": number, "look": look}
