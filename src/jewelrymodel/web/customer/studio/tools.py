"""The tools with which a cutout is corrected, as their seller reads them."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jewelrymodel.studio.corrections import Tool


@dataclass(frozen=True)
class ToolButton:
    """A button of the editor: the tool's name there, its label, what to do with it, and its key."""

    name: str
    label: Promise
    hint: Promise
    key: str


TOOL_BUTTONS = (
    ToolButton(
        Tool.KEEP,
        _("Keep"),
        _("Paint over what belongs to the piece; paint again to make it solid."),
        "k",
    ),
    ToolButton(Tool.ERASE, _("Erase"), _("Paint over what doesn’t belong to the piece."), "e"),
    ToolButton(
        Tool.CLEAN,
        _("Clean edge"),
        _(
            "Paint along an edge or a chain where the background still shows; "
            "paint again to take more."
        ),
        "l",
    ),
    ToolButton(Tool.OPENING, _("Open a hole"), _("Tap a hole that was filled in."), "o"),
    ToolButton(
        Tool.ADD,
        _("Add part"),
        _("Tap a part of the piece that is missing, or a spot that is see-through."),
        "a",
    ),
    ToolButton(
        Tool.DROP, _("Remove part"), _("Tap a part that isn’t the piece, or its shadow."), "r"
    ),
    ToolButton(
        Tool.CUT,
        _("Cut apart"),
        _("Draw a line where the piece touches something else. Then remove that part."),
        "c",
    ),
    ToolButton(
        Tool.HEAL,
        _("Retouch"),
        _("Paint over dust or a scratch in the photo. Your images will say that it was retouched."),
        "t",
    ),
    ToolButton("move", _("Move"), _("Drag the photo. Two fingers always do."), "m"),
)
