"""What was done to a photo, and what to look at before its cutout is approved."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.messages import Code, CutoutNote, PhotoNote

NOTES: dict[Code, Promise] = {
    PhotoNote.FROM_HEIC: _("Converted from HEIC."),
    PhotoNote.FROM_CMYK: _("Converted from print colors (CMYK). Please check the colors."),
    PhotoNote.FROM_16_BIT: _("Converted from 16-bit gray."),
    PhotoNote.FROM_32_BIT: _("Converted from 32-bit gray."),
    PhotoNote.TRANSPARENCY_TO_WHITE: _("The transparent background was made white."),
    PhotoNote.PROFILE_UNREADABLE: _("We couldn’t read the color profile and assumed sRGB."),
    PhotoNote.TO_SRGB: _("Colors converted to sRGB."),
    PhotoNote.REDUCED: _("Reduced from %(width_px)s × %(height_px)s pixels for processing."),
    CutoutNote.SMALL_MODEL: _(
        "Our smaller cutout model was used, so the quality is lower. Please look closely at chains "
        "and openings."
    ),
    CutoutNote.OPENINGS_FILLED: _(
        "Openings may have been filled in. Please check that the background shows through the "
        "piece."
    ),
    CutoutNote.PARTS_EXTRA: _(
        "Dashed edges mark what may not belong to the piece, such as a filled opening or print."
    ),
    CutoutNote.PARTS_MISSING: _(
        "Solid edges mark where part of the piece may be missing from the cutout."
    ),
    CutoutNote.SEVERAL_PARTS: _(
        "The cutout has %(count)s parts. Please leave out what doesn’t belong to the piece."
    ),
    CutoutNote.CORRECTIONS_LEFT_NOTHING: _(
        "Your corrections would have left nothing of the piece, so they weren’t applied. Please "
        "undo the last ones."
    ),
    CutoutNote.CORRECTIONS_WITHOUT_EFFECT: _(
        "Corrections that changed nothing: %(count)s. If an opening or a part wasn’t found, please "
        "use the brush there."
    ),
}
