"""Alt text and title proposed from what is known of a piece and its image, in the reader's words.

Only what is known is said: the seller's name of the piece where it tells something, its kind, the
color of its metal where a photo is sure of it, the side that is shown, and the look.
"""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jewelrymodel.generation.limits import ALT_TEXT_LENGTH
from jewelrymodel.generation.models import Asset, Piece, TaskItem
from jewelrymodel.generation.rules.piece_names import is_telling
from jewelrymodel.generation.rules.size_units import SizeUnit, written
from jewelrymodel.generation.statuses import OwnModelKind, PhotoView
from jewelrymodel.infra import formats
from jewelrymodel.studio.metal_color import MetalColor
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.web.piece_kinds import KIND_LABELS
from jewelrymodel.web.studio_messages.look_titles import look_title

TITLE_LENGTH = 80  # the shortest that a marketplace is said to take
KINDS = {
    Kind.PENDANT: pgettext_lazy("in an alt text", "pendant"),
    Kind.NECKLACE: pgettext_lazy("in an alt text", "necklace"),
    Kind.RING: pgettext_lazy("in an alt text", "ring"),
    Kind.EARRING: pgettext_lazy("in an alt text", "earrings"),
    Kind.BRACELET: pgettext_lazy("in an alt text", "bracelet"),
}
COLORS = {
    MetalColor.GOLD: pgettext_lazy("in an alt text", "gold-colored"),
    MetalColor.SILVER: pgettext_lazy("in an alt text", "silver-colored"),
}
VIEWS = {
    PhotoView.FRONT: pgettext_lazy("in an alt text", "from the front"),
    PhotoView.THREE_QUARTER: pgettext_lazy("in an alt text", "at an angle"),
    PhotoView.SIDE: pgettext_lazy("in an alt text", "from the side"),
    PhotoView.BACK: pgettext_lazy("in an alt text", "from the back"),
}
_ON_NECK = _("on the neck of a computer-generated model")
_ON_HAND = _("on the hand of a computer-generated model")
_ON_WRIST = _("on the wrist of a computer-generated model")
_ON_EAR = _("on the ear of a computer-generated model")
_PLAIN = _("on a plain background")
PLACES = {
    "packshot": _("on white"),
    "packshot-clear": _("without a background"),
    "neck-light": _ON_NECK,
    "neck-tan": _ON_NECK,
    "neck-deep": _ON_NECK,
    "bust-light": _ON_NECK,
    "choker-light": _ON_NECK,
    "choker-tan": _ON_NECK,
    "choker-deep": _ON_NECK,
    "princess-light": _ON_NECK,
    "princess-tan": _ON_NECK,
    "princess-deep": _ON_NECK,
    "hand-light": _ON_HAND,
    "hand-tan": _ON_HAND,
    "hand-deep": _ON_HAND,
    "wrist-light": _ON_WRIST,
    "wrist-tan": _ON_WRIST,
    "wrist-deep": _ON_WRIST,
    "ear-light": _ON_EAR,
    "ear-tan": _ON_EAR,
    "ear-deep": _ON_EAR,
    "ear-light-left": _ON_EAR,
    "ear-tan-left": _ON_EAR,
    "ear-deep-left": _ON_EAR,
    "marble": _("on white marble"),
    "velvet": _("on dark velvet"),
    "linen": _("on natural linen"),
    "sweep": _("on a blush paper backdrop"),
    "plain-ivory": _PLAIN,
    "plain-slate": _PLAIN,
    "plain-sage": _PLAIN,
}

OWN_MODELS = {
    OwnModelKind.HAND: _("on a model’s hand"),
    OwnModelKind.EAR: _("on a model’s ear"),
    OwnModelKind.NECK: _("on a model’s neck"),
    OwnModelKind.WRIST: _("on a model’s wrist"),
}


def proposed_alt_text(asset: Asset, color: MetalColor | None) -> str:
    """Return what an image shows, at most ALT_TEXT_LENGTH characters."""
    task = asset.item.task
    piece = task.photo.piece
    words = _named(piece, str(KINDS.get(Kind(task.kind), "")))
    view = VIEWS.get(PhotoView(task.photo.view), "")
    return _joined([*words, _color(color), view, _place(asset.item)], ALT_TEXT_LENGTH)


def alt_text(asset: Asset, color: MetalColor | None) -> str:
    """Return the seller's alt text of an image, else the proposed one."""
    return asset.alt_text or proposed_alt_text(asset, color)


def proposed_title(piece: Piece, color: MetalColor | None) -> str:
    """Return a title for the listing of a piece, at most TITLE_LENGTH characters; empty where
    nothing is known of it.
    """
    kind = str(KIND_LABELS[Kind(piece.kind)]) if piece.kind in set(Kind) else ""
    return _joined([*_named(piece, kind), _color(color), _size(piece)], TITLE_LENGTH)


def _named(piece: Piece, kind: str) -> list[str]:
    """The piece's name, if it tells something, and its kind, if the name doesn't."""
    name = piece.name if is_telling(piece.name) else ""
    return [name, "" if kind.lower() in name.lower() else kind]


def _place(item: TaskItem) -> str:
    if item.own_model is not None:
        return str(OWN_MODELS[OwnModelKind(item.own_model.kind)])
    return str(PLACES.get(item.look_id) or look_title(item.look_id))


def _color(color: MetalColor | None) -> str:
    return str(COLORS[color]) if color else ""


def _size(piece: Piece) -> str:
    if not piece.size_mm:
        return ""
    if piece.kind == Kind.RING:
        return f"US {written(piece.size_mm, SizeUnit.US)}"
    return f"{formats.number(piece.size_mm, 0 if piece.size_mm == round(piece.size_mm) else 1)} mm"


def _joined(parts: list[object], most: int) -> str:
    """The parts that say something, as many whole ones as *most* characters hold."""
    text = ""
    for part in filter(None, map(str, parts)):
        longer = f"{text}, {part}" if text else part[:1].upper() + part[1:]
        if len(longer) > most:
            break
        text = longer
    return text
