"""What the name of a photo's file says: the piece, its SKU, the side that it shows."""

import re
from dataclasses import dataclass

from jewelrymodel.generation.rules.piece_names import piece_name
from jewelrymodel.generation.statuses import PhotoView

LONGEST_SKU = 60
_WORDS = {
    PhotoView.FRONT: ("front", "vorne", "vorn", "frente", "face"),
    PhotoView.THREE_QUARTER: ("34", "3-4", "threequarter", "three-quarter", "angle", "schraeg"),
    PhotoView.SIDE: ("side", "seite", "seitlich", "lado", "lateral", "cote", "profil"),
    PhotoView.BACK: ("back", "hinten", "rueckseite", "rückseite", "dos", "verso", "atras"),
}
_VIEWS = {word: view for view, words in _WORDS.items() for word in words}
_VIEW = re.compile(rf"(?P<stem>.+?)[ _.-]+(?P<word>{'|'.join(_VIEWS)})", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<stem>.+?)(?:_0?[1-9]| ?\(\d{1,2}\))")
_CAMERA = re.compile(
    r"(?:img|image|dsc[fn]?|_dsc|pxl|mvimg|photo|foto|bild|picture|scan|unnamed|untitled|dji|gopr)"
    r"[\d _.~-]*(?:wa\d+)?"
    r"|(?:p|sam|wp)[_-]?\d{4,}"
    r"|(?:whatsapp image|screenshot|bildschirmfoto).*"
    r"|(?:19|20)\d\d[-_.]?\d\d[-_.]?\d\d(?:\D.*)?"
    r"|\d{13,}|[\da-f]{8}-[\da-f]{4}-.*",
    re.IGNORECASE,
)
_SKU = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9._/-]*")


@dataclass(frozen=True)
class NamedPhoto:
    """What a file's name says.

    *group* is the same for files that seem to show one piece, and empty where the name comes from
    a camera. *name* and *sku* are the piece's; the SKU is empty where it doesn't look like one.
    """

    name: str
    sku: str
    view: PhotoView
    group: str


def named_photo(file_name: str) -> NamedPhoto:
    """Return what *file_name* says: ``ring-12_side.jpg`` is the side of ``ring-12``."""
    plain = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = (plain.rpartition(".")[0] or plain).strip()
    view = PhotoView.UNKNOWN
    if found := _VIEW.fullmatch(stem):
        stem, view = found["stem"], _VIEWS[found["word"].lower()]
    elif found := _NUMBER.fullmatch(stem):
        stem = found["stem"]
    is_camera = _CAMERA.fullmatch(stem) is not None
    is_sku = not is_camera and len(stem) <= LONGEST_SKU and _SKU.fullmatch(stem)
    return NamedPhoto(
        name=piece_name(f"{stem}."),
        sku=stem if is_sku else "",
        view=view,
        group="" if is_camera else " ".join(stem.replace("_", " ").lower().split()),
    )
