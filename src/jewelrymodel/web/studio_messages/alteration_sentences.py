"""What an image adds to the photographed piece, leaves out of it or hides."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.messages import Alteration, Code

ALTERATIONS: dict[Code, Promise] = {
    Alteration.RETOUCHED: _(
        "Retouched: %(area_mm2)s mm² of the piece. The seller removed dust or flaws in the photo."
    ),
    Alteration.MODEL_LIGHT: _("Added: a computer-generated (virtual) model with light skin."),
    Alteration.MODEL_TAN: _("Added: a computer-generated (virtual) model with tan skin."),
    Alteration.MODEL_DEEP: _("Added: a computer-generated (virtual) model with deep skin."),
    Alteration.OWN_MODEL: _(
        "Shown: a photograph of a real person who agreed to it. The piece was placed into it."
    ),
    Alteration.SKIN_LIGHT: _("Added: light and shadows on the skin."),
    Alteration.OWN_CHAIN_LAID: _(
        "Changed: the course of the chain. Your chain’s own links are laid around the neck and "
        "repeated where the photo shows no more of them."
    ),
    Alteration.PLAIN_CHAIN_DRAWN: _(
        "Added: the whole chain. Your cutout shows none that the piece hangs by, so we drew a "
        "plain one in the metal of the piece."
    ),
    Alteration.CHAIN_LENGTH: _(
        "Assumed: a chain %(length_mm)s mm long. If the one you sell is shorter or longer, say so."
    ),
    Alteration.CHAIN_COURSE: _(
        "Left out: the course of the chain in your photo (%(height_mm)s mm high)."
    ),
    Alteration.CHAIN_GAP_CLOSED: _(
        "Added: a bit of chain in a gap of %(gap_mm)s mm between the piece and its bail."
    ),
    Alteration.CHAIN_PART_LEFT_OUT: _(
        "Left out: a part on the chain (%(width_mm)s × %(height_mm)s mm)."
    ),
    Alteration.STRAND_LAID: _(
        "Changed: the course of the necklace. It is laid around the neck, everything on it in the "
        "order of your photo."
    ),
    Alteration.ENDS_DRAWN: _(
        "Added: a plain chain at both ends, in the metal of the piece (%(length_mm)s mm of it show "
        "on each side)."
    ),
    Alteration.STRAND_ROUND_WRIST: _(
        "Changed: the course of the bracelet. It is laid around the wrist, everything on it in the "
        "order of your photo."
    ),
    Alteration.REAR_HIDDEN: _(
        "Hidden: the rear of the necklace, behind the neck (%(percent)s%% of its length)."
    ),
    Alteration.FINGER_FITTED: _("Assumed: the finger is as wide as the opening of the ring."),
    Alteration.BAND_HIDDEN: _(
        "Hidden: the far side of the band, behind the finger (%(percent)s%% of the ring)."
    ),
    Alteration.WRIST_FITTED: _("Assumed: the wrist suits the opening of the piece."),
    Alteration.WRIST_HIDDEN: _(
        "Hidden: the far side, behind the wrist (%(percent)s%% of the piece)."
    ),
    Alteration.TILT_KEPT: _("Unchanged: the piece is as tall as in your photo."),
    Alteration.TILT_SHORTER: _(
        "Changed: the tilt of the piece. It is drawn %(percent)s%% shorter than in your photo."
    ),
    Alteration.TILT_TALLER: _(
        "Changed: the tilt of the piece. It is drawn %(percent)s%% taller than in your photo."
    ),
    Alteration.ONE_EARRING_OF: _(
        "Left out: your photo shows %(count)s earrings, and the image shows one of them."
    ),
    Alteration.HOOP_HIDDEN: _("Hidden: the half of the hoop behind the earlobe."),
    Alteration.WIRE_HIDDEN: _("Hidden: the part of the ear wire behind the earlobe."),
    Alteration.SIZE_SHOWN: _(
        "Changed: the size. The piece is shown at %(shown_mm)s mm; it is %(size_mm)s mm. Say so "
        "where you use this image."
    ),
    Alteration.ENLARGED: _(
        "Enlarged: the piece is shown at %(percent)s%% of the pixels that your photo has of it."
    ),
    Alteration.SURFACE: _("Added: the surface with its light and shadows."),
    Alteration.REFLECTION: _("Added: the reflection of the piece on the surface."),
    Alteration.RUNS_OUT: _("The piece runs out of the image where your photo cut it off."),
    Alteration.RUNS_OUT_BEYOND: _(
        "The piece runs out of the image where your photo cut it off. Left out: what lies beyond "
        "(%(width_mm)s × %(height_mm)s mm)."
    ),
    Alteration.BACKGROUND: _("Added: the background."),
    Alteration.BACKGROUND_WHITE: _("Replaced: the background, by pure white."),
    Alteration.BACKGROUND_REMOVED: _("Removed: the background."),
    Alteration.SHADOW: _("Added: the shadow of the piece."),
    Alteration.TURNED: _("Turned: the piece by %(degrees)s°, so that it is upright."),
    Alteration.WHITE_BALANCED: _(
        "Changed: the white balance, by a spot that you tapped as neutral (red %(red)s%%, green "
        "%(green)s%%, blue %(blue)s%%)."
    ),
    Alteration.FADES_OUT: _("The piece fades out where your photo cut it off."),
}
