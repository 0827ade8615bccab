"""A pendant on the neck of a computer-made person.

The body of the piece keeps its pixels and its real size. Its own chain is laid anew along a chain
that was draped on the template's skin, up to where it goes behind the neck.
"""

from typing import Any

import numpy as np

from jewelrymodel.studio.arrays import Floats, Step, blur, floats, to_bytes, to_linear
from jewelrymodel.studio.body import Body, find_body, photo_px_per_mm
from jewelrymodel.studio.chain import Course, Strip, course_through, lay, straighten
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.fidelity import measure
from jewelrymodel.studio.light import developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.order import Rendered, RenderOrder, ViewRefused
from jewelrymodel.studio.placing import Layer, merged, place, similarity
from jewelrymodel.studio.plain_chain import plain_strip
from jewelrymodel.studio.templates import Template, View, load_template
from jewelrymodel.studio.worn import cast_on_skin, gains_of

BODY_RELIEF_MM, CHAIN_RELIEF_MM = 2.2, 0.7
_CHAIN_SHADOW = 0.65


def render_neck(cutout: Cutout, look: Look, order: RenderOrder, on_step: Step) -> Rendered:
    """The pendant worn. Raises ViewRefused where it is too large to hang there."""
    on_step("Choosing the view")
    body = find_body(cutout.alpha)
    template = load_template(look.templates[0])
    photo_scale = photo_px_per_mm(cutout.alpha, order.kind, order.size_mm)
    chain = _fitting_chain(template, (body.box[3] - body.hang[1]) / photo_scale)
    view = _framed(template, chain, look.span_mm, order)
    on_step("Placing the piece")
    scale = float(view.px_per_mm(chain["bottom"]["camera_mm"][2])) / photo_scale
    target = view.points(chain["bottom"]["px"])
    matrix = similarity(scale, body.hang, (float(target[0]), float(target[1])))
    worn = cutout.rgba.copy()
    worn[..., 3] = np.round(worn[..., 3] * body.mask)
    piece = place(worn, matrix, order.size_px)
    on_step("Laying the chain")
    picture = view.picture()
    strips = _strips(cutout, body, photo_scale)
    strands = _laid(strips, _courses(view, chain, body, matrix, picture), order.size_px)
    on_step("Lighting the piece")
    image = to_bytes(_composed(view, picture, piece, strands, float(target[1])))
    on_step("Checking it against the cut-out")
    return Rendered(image, _invented(look, body), measure(worn, image, matrix), matrix)


def _fitting_chain(template: Template, drop_mm: float) -> dict[str, Any]:
    """The shortest draped chain: the piece hangs below it and must stay in the picture."""
    hanging = [c for c in template.anchors["chains"] if c["pendant"]]
    chain: dict[str, Any] = min(hanging, key=lambda c: float(c["length_mm"]))
    room_px = template.picture.shape[0] * 0.97 - chain["bottom"]["px"][1]
    if drop_mm * template.focal_px / chain["bottom"]["camera_mm"][2] > room_px:
        raise ViewRefused(
            "too_large",
            f"At {drop_mm:.0f} mm the piece hangs out of this picture. Check the size, or choose a"
            " scene.",
        )
    return chain


def _framed(template: Template, chain: dict[str, Any], span_mm: float, order: RenderOrder) -> View:
    """A window `span_mm` wide round the place where the piece hangs, inside the template."""
    high, wide = template.picture.shape[:2]
    width, height = order.size_px
    px_per_mm = template.focal_px / chain["bottom"]["camera_mm"][2]
    across = min(span_mm * px_per_mm, wide, high * width / height)
    down = across * height / width
    centre_x, bottom_y = chain["bottom"]["px"]
    x0 = np.clip(centre_x - across / 2, 0, wide - across)
    y0 = np.clip(bottom_y - 0.56 * down, 0, high - down)
    return View(template, floats([x0, y0]), width / across, order.size_px)


def _strips(cutout: Cutout, body: Body, px_per_mm: float) -> tuple[Strip, ...]:
    if not body.strands:
        return (plain_strip(cutout.rgba, body),) * 2
    # The strands start where the body's own pixels end.
    return tuple(straighten(cutout.rgba, line, px_per_mm) for line in body.strands)


def _courses(
    view: View, chain: dict[str, Any], body: Body, matrix: Any, picture: Floats
) -> tuple[Course, ...]:
    """Left and right run of the draped chain, from the piece upwards."""
    px, camera = view.points(chain["px"]), floats(chain["camera_mm"])
    lowest = int(np.argmax(px[:, 1]))
    scale = view.px_per_mm(camera[:, 2])
    brightness = blur(floats(to_linear(picture).mean(2)), 3 * float(scale[lowest]))
    joints = body.joints or (body.hang, body.hang)
    runs = (slice(lowest, None, -1), slice(lowest, None))
    courses = []
    for run, joint in zip(runs, joints, strict=True):
        start = floats(matrix @ np.array([joint[0], joint[1], 1.0]))
        courses.append(course_through(px[run], camera[run], scale[run], start, brightness))
    return tuple(courses)


def _laid(strips: tuple[Strip, ...], courses: tuple[Course, ...], size: tuple[int, int]) -> Layer:
    left, right = (lay(s, c, size) for s, c in zip(strips, courses, strict=True))
    return merged(left, right)


def _composed(view: View, picture: Floats, piece: Layer, strands: Layer, bottom_y: float) -> Floats:
    template = view.template
    gains = gains_of(template)
    unit = float(view.px_per_mm(template.anchors["chains"][0]["bottom"]["camera_mm"][2]))
    skin = to_linear(picture)
    skin = floats(skin * cast_on_skin(template, piece.cover, BODY_RELIEF_MM, unit))
    # Between the links the skin is lit from all sides: a chain's shadow is faint.
    below = 1 - _CHAIN_SHADOW * (1 - cast_on_skin(template, strands.cover, CHAIN_RELIEF_MM, unit))
    skin = floats(skin * below)
    linear = piece.lit(gains).over(strands.lit(gains).over(skin))
    covered = floats(np.maximum(piece.cover, strands.cover))
    return developed(linear, 0.6 * grain_of(picture) + 0.002, covered)


def _invented(look: Look, body: Body) -> tuple[str, ...]:
    chain = (
        "The chain's course: your chain's own links, laid round the neck and repeated where the"
        " photo shows no more of them."
        if body.strands
        else "The whole chain: your photo shows none. A plain one in the piece's metal was drawn."
    )
    return (f"The person: {look.person}.", chain, "Light and shadows on the skin.")
