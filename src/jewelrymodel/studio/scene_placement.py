"""Where the piece lies or stands in a scene.

Nothing of it is cropped, but for a chain that the photo cut: that runs out of the picture where it
ran out of the photo, instead of ending in mid-air.
"""

from dataclasses import dataclass

import numpy as np

from jewelrymodel.studio.arrays import Floats, floats
from jewelrymodel.studio.cutout import Cutout
from jewelrymodel.studio.frame_sides import NEAR_PX, Side, sides_cut
from jewelrymodel.studio.looks import Look
from jewelrymodel.studio.messages import Alteration, Message, ViewProblem, message
from jewelrymodel.studio.pendant_body import Body, find_body, photo_px_per_mm
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.placement import Matrix, by_hand, scale_of, similarity
from jewelrymodel.studio.render_request import RenderRequest, ViewRefused, refuse_cropped
from jewelrymodel.studio.ring_pose import LYING, Pose, pose_of
from jewelrymodel.studio.scene_floor import foot_of
from jewelrymodel.studio.strand_ends import lower_end

FILL, LONG = 0.6, 0.25  # of a square's edge, and how much more of it a long piece fills
FILL_CUT = 0.86
MAX_LEFT_OUT = 0.05
MAX_RUNS_OUT = 0.35  # of the piece, where its seller moved it so
MAX_SCALE = 2.5
FOOT = 0.79  # the lowest row, as a share of the height, that a piece stands on


@dataclass(frozen=True)
class Plan:
    """The transform (2x3), how the piece lies or stands, the picture's pixels per millimeter, and
    what is left out (HxW of the cutout, 0…1), with what to say of it.
    """

    matrix: Matrix
    pose: Pose
    px_per_mm: float
    left_out: Floats | None = None
    alterations: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Cuts:
    """The photo's places where the piece was cut: columns and rows, None where it wasn't."""

    left: float | None = None
    top: float | None = None
    right: float | None = None
    bottom: float | None = None

    @property
    def any(self) -> bool:
        return any(place is not None for place in (self.left, self.top, self.right, self.bottom))


def planned(cutout: Cutout, look: Look, request: RenderRequest) -> Plan:
    """Where the piece goes. Raises ViewRefused where it can't be shown whole, and its cut ends not
    at the picture's edge.
    """
    body = find_body(cutout.alpha) if request.kind is Kind.PENDANT else None
    photo_scale = photo_px_per_mm(cutout.alpha, request.kind, request.size_mm, body)
    cuts = cuts_of(cutout.alpha, request.kind, body)
    pose = LYING if cuts.any else pose_of(cutout.alpha, request.kind)
    if pose.stands:
        matrix = _standing_place(cutout, request)
        refuse_cropped(cutout.alpha, matrix, request)
        return Plan(matrix, pose, photo_scale * scale_of(matrix))
    matrix = _cut_place(cutout, cuts, request) if cuts.any else _lying_place(cutout, request)
    left_out = beyond(cutout.alpha, cuts)
    if cuts.any and request.adjustment.moves:
        _refuse_ends_inside(cutout.alpha, matrix, cuts, request)
        left_out = _beyond_the_picture(cutout.alpha, left_out, matrix, cuts, request)
    _refuse_cropped(floats(cutout.alpha * (left_out == 0)), matrix, cuts, request)
    omissions = _omissions(cutout.alpha, left_out, photo_scale)
    return Plan(matrix, pose, photo_scale * scale_of(matrix), left_out, omissions)


def _refuse_ends_inside(alpha: Floats, matrix: Matrix, cuts: Cuts, request: RenderRequest) -> None:
    """Raise ViewRefused where the piece was moved by hand so that an end that the photo cut would
    come to lie inside the picture.
    """
    height, width = alpha.shape
    for cut in (cuts.left, cuts.right):
        if cut is not None:
            column = alpha[:, min(int(cut), width - 1)]
            _refuse_inside([(cut, float(y)) for y in np.flatnonzero(column > 0.5)], matrix, request)
    for cut in (cuts.top, cuts.bottom):
        if cut is not None:
            row = alpha[min(int(cut), height - 1)]
            _refuse_inside([(float(x), cut) for x in np.flatnonzero(row > 0.5)], matrix, request)


def _beyond_the_picture(
    alpha: Floats, left_out: Floats, matrix: Matrix, cuts: Cuts, request: RenderRequest
) -> Floats:
    """What is left out, with what runs out of the picture at the sides where the photo cut it."""
    height, width = alpha.shape
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    x = matrix[0, 0] * across + matrix[0, 1] * down + matrix[0, 2]
    y = matrix[1, 0] * across + matrix[1, 1] * down + matrix[1, 2]
    wide, high = request.size_px
    runs_out = np.zeros(alpha.shape, bool)
    for cut, outside in (
        (cuts.left, x < 0), (cuts.top, y < 0), (cuts.right, x > wide), (cuts.bottom, y > high)
    ):  # fmt: skip
        if cut is not None:
            runs_out |= outside
    together = floats(np.maximum(left_out, runs_out))
    if (alpha * together).sum() > MAX_RUNS_OUT * alpha.sum():
        raise ViewRefused(ViewProblem.MOVED_OUT)
    return together


def _refuse_inside(ends: list[tuple[float, float]], matrix: Matrix, request: RenderRequest) -> None:
    places = np.array([(x, y, 1.0) for x, y in ends]).reshape(-1, 3) @ matrix.T
    inside = (places > 1) & (places < np.array(request.size_px) - 1)
    if inside.all(1).any():
        raise ViewRefused(ViewProblem.MOVED_OUT)


def _refuse_cropped(alpha: Floats, matrix: Matrix, cuts: Cuts, request: RenderRequest) -> None:
    """As `refuse_cropped`; where the photo's cuts fix the place, they are the reason."""
    try:
        refuse_cropped(alpha, matrix, request)
    except ViewRefused as refused:
        if cuts.any and not request.adjustment.moves:
            raise ViewRefused(ViewProblem.CUT_OFF) from refused
        raise


def cuts_of(alpha: Floats, kind: Kind, body: Body | None) -> Cuts:
    """Where the photo's frame cut the piece, and from which row on a chain's ends are whole."""
    height, width = alpha.shape
    sides = sides_cut(alpha)
    top: float | None = NEAR_PX if Side.TOP in sides else None
    if body is not None and body.open_top is not None:
        top = body.open_top
    elif kind is Kind.PENDANT or (kind is Kind.NECKLACE and top is not None):
        # A pendant's chain closes or leaves the photo: an end inside is a loss of the cutout's.
        top = max((row for row in (top, lower_end(alpha)) if row is not None), default=None)
    return Cuts(
        NEAR_PX if Side.LEFT in sides else None,
        top,
        width - NEAR_PX if Side.RIGHT in sides else None,
        height - NEAR_PX if Side.BOTTOM in sides else None,
    )


def beyond(alpha: Floats, cuts: Cuts) -> Floats:
    """1 beyond the cuts. Raises ViewRefused where more than a little of the piece lies there."""
    outside = np.zeros(alpha.shape, np.float32)
    if cuts.left is not None:
        outside[:, : int(cuts.left)] = 1
    if cuts.top is not None:
        outside[: int(cuts.top)] = 1
    if cuts.right is not None:
        outside[:, int(cuts.right) :] = 1
    if cuts.bottom is not None:
        outside[int(cuts.bottom) :] = 1
    if (alpha * outside).sum() > MAX_LEFT_OUT * alpha.sum():
        raise ViewRefused(ViewProblem.LOOSE_END)
    return outside


def _omissions(alpha: Floats, left_out: Floats, photo_scale: float) -> tuple[Message, ...]:
    rows, columns = np.nonzero((alpha > 0.5) & (left_out > 0))
    if not rows.size:
        return ()
    high, wide = ((np.ptp(values) + 1) / photo_scale for values in (rows, columns))
    if min(high, wide) < 0.1:
        return (message(Alteration.RUNS_OUT),)
    wide_mm, high_mm = round(float(wide), 1), round(float(high), 1)
    return (message(Alteration.RUNS_OUT_BEYOND, width_mm=wide_mm, height_mm=high_mm),)


def _scale(cutout: Cutout, request: RenderRequest) -> float:
    width, height = request.size_px
    x0, y0, x1, y1 = cutout.box
    # The narrower the picture, the more of its width and the less of its height is filled.
    narrowness = float((height / width) ** 0.25)
    across, down = FILL * narrowness, FILL / narrowness
    wide, high = across * width / (x1 - x0), down * height / (y1 - y0)
    # What is long and thin leaves the other way empty, and may be larger.
    longer = 1 + LONG * (1 - min(wide, high) / max(wide, high))
    return min(MAX_SCALE, longer * min(wide, high))


def _lying_place(cutout: Cutout, request: RenderRequest) -> Matrix:
    width, height = request.size_px
    x0, y0, x1, y1 = cutout.box
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    matrix = similarity(_scale(cutout, request), middle, (width / 2, height * 0.49))
    return by_hand(matrix, middle, request.adjustment, request.size_px)


def _standing_place(cutout: Cutout, request: RenderRequest) -> Matrix:
    width, height = request.size_px
    x0, y0, x1, y1 = cutout.box
    scale = min(_scale(cutout, request), 0.64 * height / (y1 - y0))
    base = ((x0 + x1) / 2, foot_of(cutout.alpha))
    share = scale * (y1 - y0) / height
    matrix = similarity(scale, base, (width / 2, height * min(FOOT, 0.55 + share / 2)))
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return by_hand(matrix, middle, request.adjustment, request.size_px)


def _cut_place(cutout: Cutout, cuts: Cuts, request: RenderRequest) -> Matrix:
    """The photo's cuts lie on the picture's edges, the rest of the piece inside."""
    width, height = request.size_px
    x0, y0, x1, y1 = cutout.box
    needed = [
        size / (high - low)
        for size, low, high in ((width, cuts.left, cuts.right), (height, cuts.top, cuts.bottom))
        if low is not None and high is not None
    ]
    fitted = min(MAX_SCALE, FILL_CUT * height / (y1 - y0), 0.8 * width / (x1 - x0))
    scale = max(needed, default=fitted)
    if scale > MAX_SCALE or (len(needed) > 1 and max(needed) > 1.01 * min(needed)):
        raise ViewRefused(ViewProblem.CUT_OFF)
    across = _anchor(cuts.left, cuts.right, (x0 + x1) / 2, width)
    down = _anchor(cuts.top, cuts.bottom, (y0 + y1) / 2, height)
    matrix = similarity(scale, (across[0], down[0]), (across[1], down[1]))
    middle = ((x0 + x1) / 2, (y0 + y1) / 2)
    return by_hand(matrix, middle, request.adjustment, request.size_px)


def _anchor(low: float | None, high: float | None, middle: float, size: int) -> tuple[float, float]:
    """A place in the photo, along one axis, and where in the picture it comes to lie."""
    if low is not None:
        return low, 0.0
    return (high, float(size)) if high is not None else (middle, size / 2)
