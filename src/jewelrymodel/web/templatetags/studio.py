"""How looks and outputs are shown: ``{% load studio %}``."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jewelrymodel.generation import queries
from jewelrymodel.generation.models import Asset, Photo, Piece, Task
from jewelrymodel.generation.rules.described_scene import PRESETS, USUAL_FRAMING, DescribedScene
from jewelrymodel.generation.rules.download_formats import SIZES, fitted_size
from jewelrymodel.generation.rules.size_units import SizeUnit, written
from jewelrymodel.infra import formats
from jewelrymodel.studio.adjustment_bounds import bounds_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.marketplaces import marketplaces_for, rules
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.web.piece_kinds import kind_label
from jewelrymodel.web.studio_messages.aspect_titles import aspect_title
from jewelrymodel.web.studio_messages.check_verdict import check_summary, check_verdict
from jewelrymodel.web.studio_messages.declared_sentences import declared_text
from jewelrymodel.web.studio_messages.display import (
    alteration_text,
    note_text,
    reason_and_advice,
    reason_text,
)
from jewelrymodel.web.studio_messages.look_titles import look_title
from jewelrymodel.web.studio_messages.marketplace_sentences import OWN_SHOP, RULES, USES
from jewelrymodel.web.studio_messages.scene_labels import PRESET_LABELS, made_by
from jewelrymodel.web.studio_messages.step_labels import step_label

register = template.Library()


@register.simple_tag
def look_picture(look_id: str, kind: str) -> str:
    """Return the address of a look's picture with such a piece, or nothing where there is none."""
    path = f"looks/{look_id}-{kind}.webp"
    return static(path) if finders.find(path) else ""


@register.simple_tag
def tile_title(look_id: str, own_names: Mapping[str, str] | str) -> str:
    """Return a look's title where it is chosen: what the seller calls it, of an own model."""
    return (own_names or {}).get(look_id) or look_title(look_id)  # type: ignore[union-attr]  # "" where a page has none


@register.filter
def aspects_of(look_id: str) -> str:
    """Return the formats that a look comes in, separated by spaces."""
    return " ".join(queries.aspects(look_id))


@register.filter
def marketplaces_of(aspect: str) -> str:
    """Return the marketplaces that a format suits, for reading."""
    return ", ".join(name or str(OWN_SHOP) for name in marketplaces_for(aspect))


@register.simple_tag
def marketplace_rules() -> list[dict[str, Any]]:
    """Return what marketplaces ask of images, each rule with its sentences."""
    return [
        {
            "rule": one,
            "use": USES[one.code],
            "sentence": RULES[one.code],
            "read_on": formats.day(one.read_on) if one.read_on else "",
        }
        for one in rules()
    ]


@register.filter
def bounds_text(look: Look) -> str:
    """Return how far a piece may be moved by hand in a look: the largest shift and turn, the least
    and the largest size, separated by spaces.
    """
    bounds = bounds_of(look.kind)
    return f"{bounds.shift} {bounds.turn_deg} {bounds.size[0]} {bounds.size[1]}"


register.filter(look_title)
register.filter(aspect_title)
register.filter(kind_label)
register.filter(step_label)
register.filter(note_text)
register.filter(alteration_text)
register.filter(reason_text)


@register.filter
def reason_of(sentences: str) -> str:
    """Return why something was refused, without what helps."""
    return reason_and_advice(sentences)[0]


@register.filter
def advice_of(sentences: str) -> str:
    """Return what helps where something was refused, or nothing."""
    return reason_and_advice(sentences)[1]


register.filter(check_verdict)
register.filter(check_summary)
register.filter(declared_text)
register.filter(made_by)


@register.filter
def scene_presets(scene: DescribedScene) -> str:
    """Return the presets of a described scene, for reading; usual ones are left out."""
    chosen = [getattr(scene, name) for name in PRESETS]
    labels = [PRESET_LABELS[one] for one in chosen if one in PRESET_LABELS and one != USUAL_FRAMING]
    return " · ".join(map(str, labels))


@register.filter
def seconds(count: int) -> str:
    """Return a duration for reading: 75 is 1 min 15 s."""
    minutes, rest = divmod(int(count), 60)
    return (
        _("%(m)d min %(s)d s") % {"m": minutes, "s": rest}
        if minutes
        else _("%(s)d s") % {"s": rest}
    )


@register.filter
def piece_title(piece: Piece) -> str:
    """Return what a piece is called: its name, else its SKU."""
    return piece.name or piece.sku or _("Unnamed piece")


@register.filter
def piece_size(piece: Piece | Photo | Task) -> str:
    """Return a size for reading, of a ring with the sizes that it is sold by."""
    length = millimeters(piece.size_mm or 0)
    if piece.kind != Kind.RING or not piece.size_mm:
        return length
    units = (("US", SizeUnit.US), ("UK", SizeUnit.UK), ("EU", SizeUnit.EU), ("JP", SizeUnit.JP))
    sizes = " · ".join(f"{name} {written(piece.size_mm, unit)}" for name, unit in units)
    return f"{length} ({sizes})"


@register.filter
def millimeters(size_mm: float) -> str:
    """Return a length for reading: ``17 mm``, ``17.3 mm``."""
    return f"{formats.number(size_mm, 0 if size_mm == round(size_mm) else 1)} mm"


@register.filter
def photos_counted(count: int) -> str:
    """Return a number of photos for reading."""
    return ngettext("%(n)s photo", "%(n)s photos", count) % {"n": formats.number(count)}


@register.filter
def images_counted(count: int) -> str:
    """Return a number of images for reading."""
    return ngettext("%(n)s image", "%(n)s images", count) % {"n": formats.number(count)}


@register.filter
def percent(share: float) -> str:
    """Return a share for reading: 0.0025 is 0.25%."""
    return f"{formats.number(100 * share, 2)}%"


@register.filter
def svg_path(outlines: list[list[int]]) -> str:
    """Return the closed outlines, each as x, y, x, y, …, as the data of an SVG path."""
    return " ".join(f"M{' '.join(str(int(value)) for value in one)}Z" for one in outlines)


@register.filter
def square_mm(area: float, digits: int) -> str:
    """Return an area for reading: 12.5 mm²."""
    return _("%(area)s mm²") % {"area": formats.number(area, digits)}


@register.filter
def size_label(size: str) -> str:
    """Return a download's size for reading."""
    shorter_px = SIZES[size]
    return _("%(px)s px on the shorter edge") % {"px": shorter_px} if shorter_px else _("Full size")


@register.simple_tag
def size_of_image(asset: Asset, size: str) -> str:
    """Return one image's size in a download, and whether it is enlarged for it."""
    shorter_px = SIZES[size]
    if shorter_px is None:
        return f"{asset.width_px} × {asset.height_px} px"
    width, height = fitted_size(asset.item.aspect, shorter_px)
    if width <= asset.width_px:
        return f"{width} × {height} px"
    return _("%(width)s × %(height)s px, enlarged from %(from_width)s × %(from_height)s px") % {
        "width": width,
        "height": height,
        "from_width": asset.width_px,
        "from_height": asset.height_px,
    }
