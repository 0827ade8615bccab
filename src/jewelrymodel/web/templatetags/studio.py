"""How looks and outputs are shown: ``{% load studio %}``."""

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.translation import gettext as _

from jewelrymodel.generation.rules.download_formats import SIZES
from jewelrymodel.infra import formats
from jewelrymodel.web.piece_kinds import kind_label
from jewelrymodel.web.studio_messages.check_verdict import check_summary, check_verdict
from jewelrymodel.web.studio_messages.declared_sentences import declared_text
from jewelrymodel.web.studio_messages.display import alteration_text, note_text, reason_text
from jewelrymodel.web.studio_messages.look_titles import look_title
from jewelrymodel.web.studio_messages.step_labels import step_label

register = template.Library()


@register.simple_tag
def look_picture(look_id: str, kind: str) -> str:
    """Return the address of a look's picture with such a piece, or nothing where there is none."""
    path = f"looks/{look_id}-{kind}.webp"
    return static(path) if finders.find(path) else ""


register.filter(look_title)
register.filter(kind_label)
register.filter(step_label)
register.filter(note_text)
register.filter(alteration_text)
register.filter(reason_text)
register.filter(check_verdict)
register.filter(check_summary)
register.filter(declared_text)


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
    fitted = SIZES[size]
    return f"{fitted[0]} × {fitted[1]} px" if fitted else _("Full size")
