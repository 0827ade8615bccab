"""Why a photo can't be used, a piece can't be cut out or can't be shown in a look."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.messages import (
    Code,
    CorrectionProblem,
    MattingProblem,
    NeutralProblem,
    PhotoProblem,
    PieceProblem,
)
from jewelrymodel.studio.messages import ViewProblem as View

PHOTO_PROBLEMS: dict[Code, Promise] = {
    PhotoProblem.EMPTY: _("The file is empty (0 bytes). Please choose the photo again."),
    PhotoProblem.TOO_HEAVY: _(
        "The file is larger than %(megabytes)s MB. Please save it as a JPEG of at most "
        "%(megabytes)s MB."
    ),
    PhotoProblem.NOT_A_PHOTO: _(
        "We can’t read this file as a photo. Please send a JPEG, PNG, WebP or HEIC photo of the "
        "piece."
    ),
    PhotoProblem.BROKEN: _(
        "The file is damaged or incomplete. Please export the photo again and upload it once more."
    ),
    PhotoProblem.TOO_LARGE: _(
        "The photo has too many pixels: we accept up to %(megapixels)s megapixels and "
        "%(edge_px)s pixels on the longer side. Please reduce it; 2048 pixels are plenty."
    ),
    PhotoProblem.TOO_SMALL: _(
        "The photo is only %(width_px)s × %(height_px)s pixels. Please send one of at least "
        "%(least_px)s pixels; 1200 or more look best."
    ),
    PhotoProblem.ANIMATED: _(
        "This file is an animation or has several pages. Please send a single photo."
    ),
    PhotoProblem.HDR: _(
        "This is an HDR photo (PQ or HLG), and its brightness and colors would come out wrong. "
        "Please export it as an ordinary (SDR) JPEG and upload that."
    ),
    PhotoProblem.NO_ROOM: _(
        "We can’t take photos at the moment: our storage is nearly full. Nothing was charged; "
        "please try again in an hour."
    ),
    PhotoProblem.TOO_COSTLY: _(
        "Opening this file takes more memory or time than we allow. Please export the photo again "
        "as a JPEG with 2048 pixels on its longer side."
    ),
}

PIECE_PROBLEMS: dict[Code, Promise] = {
    PieceProblem.NO_PIECE: _(
        "We couldn’t find a piece in this photo. Please photograph one piece on a plain surface, "
        "close enough to fill half the picture."
    ),
    PieceProblem.PIECE_TOO_SMALL: _(
        "The piece is only %(size_px)s pixels large, and we need %(least_px)s. Please move closer, "
        "or send the original photo instead of a smaller copy."
    ),
    PieceProblem.UNCLEAR: _(
        "We can’t tell the piece from its background. Please photograph it on a plain, matte "
        "surface of another color."
    ),
    PieceProblem.PERSON: _(
        "This looks like a person or a hand rather than a piece of jewelry. Please take the piece "
        "off and photograph it on a plain surface."
    ),
    PieceProblem.ON_CARD: _(
        "The piece seems to be on its card or in its box. Please take it out and photograph it "
        "alone on a plain surface."
    ),
    PieceProblem.CUT_OFF: _(
        "The piece runs far over the edge of the photo. Please photograph the whole piece with "
        "some space around it."
    ),
    PieceProblem.NOTHING_TAPPED: _("There is no piece at that spot. Please tap the piece itself."),
}

CORRECTION_PROBLEMS: dict[Code, Promise] = {
    CorrectionProblem.UNREADABLE: _(
        "We couldn’t read your corrections, so nothing was changed. Please reload the page and try "
        "again. No credits were charged."
    ),
    CorrectionProblem.TOO_MANY: _(
        "That’s more than %(most)s corrections, so nothing was changed. Please undo some of them; "
        "one long stroke does the work of many short ones. No credits were charged."
    ),
    CorrectionProblem.TOO_LONG: _(
        "These strokes are too long to be saved, so nothing was changed. Please undo some of them; "
        "a wider brush needs fewer strokes. No credits were charged."
    ),
    CorrectionProblem.OUTSIDE: _(
        "A correction lies outside the photo or its brush has an impossible size, so nothing was "
        "changed. Please undo it and try again. No credits were charged."
    ),
}

NEUTRAL_PROBLEMS: dict[Code, Promise] = {
    NeutralProblem.OUTSIDE: _("That spot lies outside the photo. Please tap the photo itself."),
    NeutralProblem.TOO_DARK: _(
        "That spot is too dark to tell its color. Please tap white or gray paper beside the piece."
    ),
    NeutralProblem.BURNT_OUT: _(
        "That spot is overexposed, so its color is lost. Please tap one that is white or gray but "
        "not glaring."
    ),
    NeutralProblem.COLORED: _(
        "That spot is too colorful to be white or gray in any light. Please tap white or gray "
        "paper beside the piece."
    ),
}

VIEW_PROBLEMS: dict[Code, Promise] = {
    View.WRONG_KIND: _(
        "This look doesn’t suit this kind of piece. Please choose one of the looks offered for it."
    ),
    View.TOO_LARGE: _(
        "At %(size_mm)s mm, part of the piece would be outside the image. Please check the size, "
        "or choose another look."
    ),
    View.CUT_OFF: _(
        "Your photo cuts the piece off at more than one edge, so its ends would hang in mid-air "
        "here. Please send a photo of the whole piece, or choose another look."
    ),
    View.PIECE_CUT: _(
        "The edge of your photo cuts the piece off. Please send a photo of the whole piece, or "
        "choose a scene."
    ),
    View.LOOSE_END: _(
        "The two sides of the chain end at different heights in this cutout, so one of them would "
        "end in mid-air. Please send a photo in which the chain runs up to the photo’s edge."
    ),
    View.CHAIN_OUT_OF_REACH: _(
        "In this look, the chain wouldn’t reach the piece. Please choose a scene, or send a photo "
        "in which the chain is attached to the piece."
    ),
    View.ONE_STRAND: _(
        "Only one side of the chain is in the cutout, so the chain can’t be laid around the neck. "
        "Please send a photo with both sides or without the chain, or choose a scene."
    ),
    View.CHAIN: _(
        "We can’t tell the chain from the piece in this cutout. Please send a photo of the piece "
        "hanging straight on its chain or without its chain, or choose a scene."
    ),
    View.SIDEWAYS: _(
        "The chain runs to the side in this photo. Please send a photo with the chain above the "
        "piece or without the chain, or choose a scene."
    ),
    View.ASKEW: _(
        "The piece doesn’t hang straight below its chain in this photo. Please send a photo in "
        "which it does, or choose a scene."
    ),
    View.PARTS_ON_CHAIN: _(
        "There are other parts on the chain, and they would be lost when we lay it around the "
        "neck. Please send a photo of the piece without them, or choose a scene."
    ),
    View.NO_BAIL: _(
        "There is nothing at the top of the piece to hang it by. Please choose a scene."
    ),
    View.NO_OPENING: _(
        "The photo doesn’t show how a finger goes through this ring. Please send one in which the "
        "band can be seen to both sides of the head, or choose a scene."
    ),
    View.HEAD_ASIDE: _(
        "In this photo the head of the ring is at the side of the band; on a finger it would sit "
        "askew. Please send a photo that faces the head, or choose a scene."
    ),
    View.SEVERAL_RINGS: _(
        "The photo shows several rings. Please tap the one to wear in the cutout, or choose a "
        "scene."
    ),
    View.OVERLAP: _(
        "Two earrings lie over each other in this photo, so neither can be worn alone. Please send "
        "a photo in which they lie apart, remove one from the cutout, or choose a scene."
    ),
    View.NO_STRAND: _(
        "We can’t follow one strand through this necklace. Please send a photo in which it lies "
        "open without crossing itself, or choose a scene."
    ),
    View.TOO_SHORT: _(
        "At a width of %(size_mm)s mm, this necklace wouldn’t reach around the neck. Please check "
        "the size, or choose a scene."
    ),
    View.NOT_AT_A_SLANT: _(
        "We can’t tell how this bracelet would go around a wrist. Please send a photo in which it "
        "lies round or stands at an angle, whole and alone, or choose a scene."
    ),
    View.HEAD_HIDDEN: _(
        "On this hand, more than the plain band would be hidden behind the finger. Please turn the "
        "photo so that the front of the ring is at the top, or choose a scene."
    ),
    View.VIEW_TOO_FAR: _(
        "None of the hands in this look is seen from the same angle as this ring. Please choose "
        "another hand or a scene; a photo from the front suits most hands."
    ),
    View.MOVED_TOO_FAR: _(
        "Moved that far, the piece wouldn’t sit or hang as it is worn. Please move it less, or "
        "reset it."
    ),
    View.MOVED_OUT: _(
        "Part of the piece, or an end that your photo cut off, would be in the wrong place there. "
        "Please move it back, make it smaller, or reset it."
    ),
}

MATTING_PROBLEMS: dict[Code, str] = {  # for operators, on a terminal
    MattingProblem.MISSING: (
        "the cutout model isn't installed; `jewelrymodel doctor` says how to fetch it"
    ),
    MattingProblem.DAMAGED: (
        "the cutout model's file is damaged; `jewelrymodel doctor` says how to fetch it again"
    ),
    MattingProblem.NOT_DESCRIBED: (
        "the description beside the cutout model can't be used; `jewelrymodel doctor` says why"
    ),
    MattingProblem.NOT_LOADABLE: (
        "the cutout model isn't an ONNX network of the size that its description says"
    ),
}
