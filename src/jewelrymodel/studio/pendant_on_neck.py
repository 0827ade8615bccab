"""A pendant on the neck of a virtual model.

The body of the piece keeps its pixels and its real size. Its own chain is laid anew along a chain
that was draped on the template's skin, up to where it goes behind the neck.
"""

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from jewelrymodel.studio.arrays import Floats, blur, floats, grown, to_bytes, to_linear
from jewelrymodel.studio.cable_chain import plain_strip
from jewelrymodel.studio.chain_draping import (
    Course,
    Strip,
    course_through,
    lay,
    straight_course,
    straighten,
)
from jewelrymodel.studio.chain_separation import Unclear
from jewelrymodel.studio.composition import Adjustment
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.lighting import developed, grain_of
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.model_templates import Template, View, load_template
from jewelrymodel.studio.neck_curves import NeckCurve, curve_of
from jewelrymodel.studio.pendant_body import Body
from jewelrymodel.studio.placement import Layer, Matrix, by_hand, merged, place, similarity
from jewelrymodel.studio.plumb_pendant import PlumbBody, find_plumb_body
from jewelrymodel.studio.render_request import (
    Rendered,
    RenderRequest,
    ViewRefused,
    checked,
    refuse_cropped,
    refuse_cut,
)
from jewelrymodel.studio.ridge import before_person, outlines, way_behind
from jewelrymodel.studio.skin_lighting import hanging_light
from jewelrymodel.studio.skin_shadows import skin_shadow
from jewelrymodel.studio.steps import OnStep, Step

BODY_RELIEF_MM, CHAIN_RELIEF_MM = 1.5, 0.6
MAX_CHAIN_MM = 5
_ASIDE, _RISES, _SINKS = 0.03, -0.03, 0.08  # of the picture's shorter edge
_CHAIN_SHADOW = 0.8
_SHORTER_MM = (15, 30)


def render_neck(cutout: Cutout, look: Look, request: RenderRequest, on_step: OnStep) -> Rendered:
    """The pendant worn. Raises ViewRefused where it is too large to hang there, and where its chain
    can't be told from the piece.
    """
    on_step(Step.CHOOSING_VIEW)
    plumb = find_plumb_body(cutout.alpha)
    body, photo_scale = plumb.body, plumb.height_px / request.size_mm
    template = load_template(look.templates[0])
    chain = _fitting_chain(template, look, plumb.drop_px / photo_scale, request)
    _refuse_unclear(body, photo_scale)
    refuse_cut(floats(body.mask * cutout.alpha), hangs=True)
    view = _framed(template, chain, look.span_mm, request)
    on_step(Step.PLACING_PIECE)
    scale = float(view.px_per_mm(chain["bottom"]["camera_mm"][2])) / photo_scale
    target = view.points(chain["bottom"]["px"])
    matrix = similarity(scale, body.hang, (float(target[0]), float(target[1])))
    matrix = by_hand(matrix, body.hang, Adjustment(turn_deg=plumb.turn_deg), request.size_px)
    _refuse_off_chain(request)
    matrix = by_hand(matrix, body.hang, request.adjustment, request.size_px)
    scale *= request.adjustment.size
    refuse_cropped(body.mask * cutout.alpha, matrix, request)
    piece = place(without(cutout.rgba, 1 - body.mask), matrix, request.size_px)
    on_step(Step.LAYING_CHAIN)
    picture = view.picture()
    strips = _strips(cutout, body, photo_scale)
    courses = _courses(view, chain, body, matrix, picture)
    runs = _over_the_ridges(view, chain, strips, courses)
    _refuse_loose_ends(piece, runs)
    laid = _bridged(merged(*runs), strips[0], body, matrix, scale * photo_scale)
    shows = None if template.front is None else view.uncovered()
    if shows is not None:
        piece, laid = piece.clipped(shows), laid.clipped(shows)
    on_step(Step.LIGHTING_PIECE)
    light = hanging_light(view, piece, floats(1 - view.part_mask((0,))), scale * photo_scale)
    strands = laid.lit(light.gains)
    behind = _shaded(view, picture, piece, laid)
    linear = piece.lit(light.gains).over(strands.over(behind))
    covered = floats(np.maximum(piece.cover, laid.cover))
    image = to_bytes(developed(linear, 0.6 * grain_of(picture) + 0.002, covered))
    on_step(Step.CHECKING)
    declared = Declaration(
        matrix, light, left_out=body.dropped, visible=shows, behind=behind, laid=strands,
        px_per_mm=scale * photo_scale,
    )  # fmt: skip
    fidelity = checked(cutout.rgba, image, declared, request)
    return Rendered(image, _alterations(look, plumb, photo_scale), fidelity, declared)


def _refuse_off_chain(request: RenderRequest) -> None:
    """Raise ViewRefused where a pendant moved by hand would pull its chain out of its curve."""
    by = request.adjustment
    if abs(by.right) > _ASIDE or not _RISES <= by.down <= _SINKS:
        raise ViewRefused(ViewProblem.MOVED_TOO_FAR)


def _refuse_unclear(body: Body, photo_scale: float) -> None:
    unclear = body.unclear
    if unclear is None and body.strand_px > MAX_CHAIN_MM * photo_scale:
        unclear = Unclear.CHAIN
    if unclear is not None:
        raise ViewRefused(ViewProblem(unclear.value))


def _refuse_loose_ends(piece: Layer, runs: tuple[Layer, Layer]) -> None:
    """Each run of the chain has to meet the piece."""
    touched = grown(np.asarray(piece.cover > 0.3), 5)
    if not all((run.cover[touched] > 0.3).any() for run in runs):
        raise ViewRefused(ViewProblem.CHAIN_OUT_OF_REACH)


def _fitting_chain(
    template: Template, look: Look, drop_mm: float, request: RenderRequest
) -> dict[str, Any]:
    """The chain of the look's length, or else the usual one, and a shorter one than that where the
    piece would hang out of the picture.
    """
    if look.chain_mm:
        chain = _chain_of(template, look.chain_mm)
        return _within(template, (chain,), drop_mm, request)
    hanging = [c for c in template.anchors["chains"] if c["pendant"]]
    usual: dict[str, Any] = min(hanging, key=lambda c: float(c["length_mm"]))
    lengths = (float(usual["length_mm"]) - shorter for shorter in _SHORTER_MM)
    shorter = (_chain_of(template, length) for length in lengths)
    return _within(template, itertools.chain((usual,), shorter), drop_mm, request)


def _within(
    template: Template, chains: Iterable[dict[str, Any]], drop_mm: float, request: RenderRequest
) -> dict[str, Any]:
    """The first of the chains on which the piece hangs inside the picture. Raises ViewRefused."""
    for chain in chains:
        room_px = template.picture.shape[0] * 0.97 - chain["bottom"]["px"][1]
        if drop_mm * template.focal_px / chain["bottom"]["camera_mm"][2] <= room_px:
            return chain
    raise ViewRefused(ViewProblem.TOO_LARGE, size_mm=request.size_mm)


def _chain_of(template: Template, length_mm: float) -> dict[str, Any]:
    """A chain of another length, as the template describes its own."""
    curve = curve_of(template, length_mm, pendant=True)
    lowest = int(np.argmax(curve.px[:, 1]))
    bottom = {"px": curve.px[lowest], "camera_mm": curve.camera_mm[lowest]}
    return {
        "px": curve.px, "camera_mm": curve.camera_mm, "out_camera": curve.out, "bottom": bottom
    }  # fmt: skip


def _framed(
    template: Template, chain: dict[str, Any], span_mm: float, request: RenderRequest
) -> View:
    """A window `span_mm` wide round the place where the piece hangs, inside the template."""
    high, wide = template.picture.shape[:2]
    width, height = request.size_px
    px_per_mm = template.focal_px / chain["bottom"]["camera_mm"][2]
    across = min(span_mm * px_per_mm * request.breadth, wide, high * width / height)
    down = across * height / width
    center_x, bottom_y = chain["bottom"]["px"]
    x0 = np.clip(center_x - across / 2, 0, wide - across)
    y0 = np.clip(bottom_y - 0.56 * down, 0, high - down)
    return View(template, floats([x0, y0]), width / across, request.size_px)


def _strips(cutout: Cutout, body: Body, px_per_mm: float) -> tuple[Strip, ...]:
    if not body.strands:
        return (plain_strip(cutout.rgba, body),) * 2
    # The strands start where the body's own pixels end; their upper ends are often ragged.
    ragged = int(body.strand_px)
    whole = (line[: len(line) - ragged] for line in body.strands)
    return tuple(straighten(cutout.rgba, line, px_per_mm) for line in whole)


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


def _over_the_ridges(
    view: View, chain: dict[str, Any], strips: tuple[Strip, ...], courses: tuple[Course, ...]
) -> tuple[Layer, Layer]:
    """The left and the right run as they are laid: up along the neck and out of sight behind it.
    Of a seller's own model the outline isn't known well: there they end where they were marked.
    """
    if view.template.front is not None or "out_camera" not in chain:
        left, right = (lay(s, c, view.size_px) for s, c in zip(strips, courses, strict=True))
        return left, right
    skin = NeckCurve(view.template, floats(chain["camera_mm"]), floats(chain["out_camera"]))
    lines = outlines(view)
    laid = []
    for end, strip, course in zip((0, -1), strips, courses, strict=True):
        width_mm = 2 * strip.half / strip.px_per_mm
        unit = float(course.px_per_mm[-1])
        way = way_behind(course.px, unit, skin, end, lines, width_mm)
        if way is None:
            laid.append(lay(strip, course, view.size_px))
            continue
        longer = course.gone_on(way.px)
        ridge = float(len(course.px) + way.ridge)
        shows = before_person(view, longer.px, (0.0, ridge), width_mm * unit)
        laid.append(lay(strip, longer, view.size_px).clipped(shows))
    left, right = laid
    return left, right


def _bridged(laid: Layer, strip: Strip, body: Body, matrix: Matrix, px_per_mm: float) -> Layer:
    """With a bit of chain behind each gap that the cutout has between bail and piece."""
    for ends in body.bridges:
        start, end = (floats(matrix @ np.array([x, y, 1.0])) for x, y in ends)
        over = (end - start) / max(float(np.hypot(*(end - start))), 1e-6) * 0.4 * px_per_mm
        size = laid.cover.shape[::-1]
        laid = merged(laid, lay(strip, straight_course(start - over, end + over, px_per_mm), size))
    return laid


def _shaded(view: View, picture: Floats, piece: Layer, strands: Layer) -> Floats:
    """The skin, in linear light, under the shadows of the piece and its chain."""
    template = view.template
    unit = float(view.px_per_mm(template.anchors["chains"][0]["bottom"]["camera_mm"][2]))
    skin = to_linear(picture)
    skin = floats(skin * skin_shadow(view, piece.cover, BODY_RELIEF_MM, unit))
    # Between the links the skin is lit from all sides: a chain's shadow is faint.
    below = 1 - _CHAIN_SHADOW * (1 - skin_shadow(view, strands.cover, CHAIN_RELIEF_MM, unit))
    return floats(skin * below)


def _alterations(look: Look, plumb: PlumbBody, photo_scale: float) -> tuple[Message, ...]:
    body = plumb.body
    chain = Alteration.OWN_CHAIN_LAID if body.strands else Alteration.PLAIN_CHAIN_DRAWN
    alterations = [message(one) for one in (*look.alterations, chain, Alteration.SKIN_LIGHT)]
    if look.chain_mm:
        alterations.append(message(Alteration.CHAIN_LENGTH, length_mm=round(look.chain_mm)))
    if plumb.turn_deg:
        alterations.append(message(Alteration.TURNED, degrees=round(abs(plumb.turn_deg))))
    if body.strands:
        high = max(float(line[0, 1] - line[-1, 1]) for line in body.strands) / photo_scale
        alterations.append(message(Alteration.CHAIN_COURSE, height_mm=round(high)))
    for start, end in body.bridges:
        gap = float(np.hypot(*(end - start))) / photo_scale
        alterations.append(message(Alteration.CHAIN_GAP_CLOSED, gap_mm=round(gap, 1)))
    for wide, high in body.left_out:
        wide_mm, high_mm = (round(float(px / photo_scale), 1) for px in (wide, high))
        alterations.append(
            message(Alteration.CHAIN_PART_LEFT_OUT, width_mm=wide_mm, height_mm=high_mm)
        )
    return tuple(alterations)
