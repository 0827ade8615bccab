"""The kinds of piece as a seller reads them."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.piece_kinds import Kind

KIND_LABELS = {
    Kind.PENDANT: _("Pendant"),
    Kind.NECKLACE: _("Necklace"),
    Kind.RING: _("Ring"),
    Kind.EARRING: _("Earring"),
    Kind.BRACELET: _("Bracelet"),
}


def kind_label(kind: str) -> str:
    """Return the name of a stored kind; one that is no longer known keeps its word."""
    return str(KIND_LABELS[Kind(kind)]) if kind in set(Kind) else kind
