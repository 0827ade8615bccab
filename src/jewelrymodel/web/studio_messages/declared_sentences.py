"""What a look hid, left out or laid anew of a piece, in millimeters."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.infra import formats
from jewelrymodel.studio.declared_parts import DeclaredKind

DECLARED: dict[DeclaredKind, Promise] = {
    DeclaredKind.HIDDEN: _("Hidden by the model: %(area)s mm² of the piece"),
    DeclaredKind.LEFT_OUT: _("Left out of your cutout: %(area)s mm²"),
    DeclaredKind.LAID: _("Redrawn: a chain of %(area)s mm²"),
}


def declared_text(stored: dict[str, Any]) -> str:
    """Return the sentence of a declared part, as it is stored."""
    area = formats.number(stored["area_mm2"], 1)
    return str(DECLARED[DeclaredKind(stored["kind"])]) % {"area": area}
