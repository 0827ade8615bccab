"""Damage planted into a finished picture, after the piece was lit, as a bad generator would do it.

Every kind takes what the picture shows of the piece from the same declaration that the gate gets,
and changes the picture there and nowhere else. None means that this piece, in this look, has
nothing that could be damaged so: hidden behind a finger, or laid anew.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from jewelrymodel.studio.arrays import (
    Bytes,
    Floats,
    Mask,
    blur,
    floats,
    grown,
    lab,
    to_bytes,
    to_linear,
    to_srgb,
)
from jewelrymodel.studio.declaration import Declaration
from jewelrymodel.studio.fidelity import without
from jewelrymodel.studio.placement import Layer, place
from tests.support.seeded_jewelry import METALS, Seeded

_SHOWN = 0.6
"""So much of a part has to show in the picture for its damage to count as one."""


@dataclass(frozen=True)
class Scene:
    """A finished picture with what is known of it; `layer` is the piece in it, lit."""

    piece: Seeded
    image: Bytes
    declared: Declaration
    layer: Layer

    @property
    def behind(self) -> Floats:
        """The picture without the piece, in linear light."""
        if self.declared.behind is None:
            raise ValueError("damage is planted where the picture behind the piece is known")
        if self.declared.laid is None:
            return self.declared.behind
        return self.declared.laid.over(self.declared.behind)

    def composed(self, layer: Layer) -> Bytes:
        """The picture with another layer for the piece; grain and all else stay."""
        change = to_srgb(layer.over(self.behind)) - self._undamaged
        return to_bytes(floats(self.image) / 255 + change)

    @cached_property
    def _undamaged(self) -> Floats:
        return to_srgb(self.layer.over(self.behind))

    def part(self, mask: Floats) -> Floats | None:
        """Where a part of the cutout lies in the picture, 0…1; None where too little shows."""
        height, width = self.image.shape[:2]
        shown = mask if self.declared.left_out is None else mask * (1 - self.declared.left_out)
        solid = np.dstack([np.zeros((*mask.shape, 3), np.uint8), to_bytes(shown)])
        if not solid[..., 3].any():
            return None
        whole = place(solid, self.declared.transform, (width, height)).cover
        seen = whole if self.declared.visible is None else whole * self.declared.visible
        if shown.sum() < _SHOWN * mask.sum() or seen.sum() < _SHOWN * whole.sum():
            return None
        return floats(seen)


Damage = Callable[[Scene, np.random.Generator], Bytes | None]


def scene(piece: Seeded, image: Bytes, declared: Declaration) -> Scene:
    """Return the picture with the piece's layer in it."""
    left_out = declared.left_out
    shown = piece.cutout.rgba if left_out is None else without(piece.cutout.rgba, left_out)
    layer = place(shown, declared.transform, (image.shape[1], image.shape[0]))
    layer = layer.lit(declared.light.gains)
    return Scene(
        piece, image, declared,
        layer if declared.visible is None else layer.clipped(declared.visible),
    )  # fmt: skip


def lost_prong(view: Scene, _random: np.random.Generator) -> Bytes | None:
    """A prong is gone: what surrounds it closes over it."""
    return _closed_over(view, view.part(view.piece.prong))


def lost_engraving(view: Scene, _random: np.random.Generator) -> Bytes | None:
    """An engraving is polished away."""
    return _closed_over(view, view.part(view.piece.engraving))


def _closed_over(view: Scene, where: Floats | None) -> Bytes | None:
    if where is None:
        return None
    mask = grown(np.asarray(where > 0.15), 3)
    return np.asarray(cv2.inpaint(view.image, mask.astype(np.uint8), 4, cv2.INPAINT_TELEA))


def missing_strand(view: Scene, _random: np.random.Generator) -> Bytes | None:
    """One strand of a chain is not there, the cutout's own or the one that was laid anew."""
    laid = view.declared.laid
    if laid is not None:
        columns = np.arange(view.image.shape[1])
        middle = float(np.average(columns, weights=view.layer.cover.sum(0)))
        gone = laid.clipped(floats(np.broadcast_to(columns < middle, laid.cover.shape)))
        change = to_srgb(gone.over(view.declared.behind)) - to_srgb(laid.over(view.declared.behind))  # type: ignore[arg-type]
        return to_bytes(floats(view.image) / 255 + change)
    where = view.part(view.piece.strand)
    return None if where is None else view.composed(view.layer.clipped(1 - where))


def bite(view: Scene, random: np.random.Generator) -> Bytes | None:
    """A piece of 2 % of the area is bitten off at the outline."""
    solid = np.asarray(view.layer.cover > 0.5)
    radius = np.sqrt(2 * 0.02 * solid.sum() / np.pi)
    away = _disc(view, _at_the_outline(solid, random), radius)
    return view.composed(view.layer.clipped(1 - away))


def rag(view: Scene, random: np.random.Generator) -> Bytes | None:
    """A rag of white paper, 2 % of the piece's area, hangs at its outline."""
    solid = np.asarray(view.layer.cover > 0.5)
    radius = np.sqrt(2 * 0.02 * solid.sum() / np.pi)
    disc = _disc(view, _at_the_outline(solid, random), radius) * (1 - view.layer.cover)
    paper = floats(to_linear(np.clip(random.normal(0.9, 0.03, disc.shape), 0, 1)))
    added = Layer(floats(paper[..., None] * disc[..., None] * np.ones(3)), floats(disc))
    return view.composed(_together(view.layer, added))


def filled_opening(view: Scene, random: np.random.Generator) -> Bytes | None:
    """The opening is closed with metal."""
    where = view.part(view.piece.opening)
    if where is None or (where > 0.5).sum() < 30:
        return None
    color = floats(to_linear(np.array(METALS[view.piece.metal], np.uint8)))
    shine = np.clip(blur(floats(random.normal(1, 1.2, where.shape)), 4), 0.4, 1.4)[..., None]
    cover = floats(where * (1 - view.layer.cover))
    return view.composed(
        _together(view.layer, Layer(floats(color * shine * cover[..., None]), cover))
    )


def duplicated_stone(view: Scene, random: np.random.Generator) -> Bytes | None:
    """The stone sits on the piece a second time."""
    where = view.part(view.piece.stone)
    if where is None:
        return None
    rows, columns = (np.flatnonzero((where > 0.5).any(axis)) for axis in (1, 0))
    stone = np.asarray(view.layer.cover > 0.5)
    room = stone & ~grown(np.asarray(where > 0.05), 2 * max(len(rows), len(columns)) | 1)
    if room.sum() < 0.1 * stone.sum():
        return None
    places = np.argwhere(room)
    y, x = places[int(random.integers(len(places)))]
    shift = (float(x - columns.mean()), float(y - rows.mean()))
    move = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64)
    size = (view.image.shape[1], view.image.shape[0])
    again = cv2.warpAffine(view.layer.light * where[..., None], move, size)
    cover = cv2.warpAffine(view.layer.cover * where, move, size)
    return view.composed(_over(Layer(floats(again), floats(cover)), view.layer))


def recolored_stone(view: Scene, random: np.random.Generator) -> Bytes | None:
    """At most 3 % of the piece, in its stone, has another color."""
    where = view.part(view.piece.stone)
    if where is None:
        return None
    most = 0.03 * float(view.layer.cover.sum())
    distance = cv2.distanceTransform((where > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    reach = np.sort(distance[distance > 0])[::-1]
    least = reach[min(len(reach) - 1, int(most))]
    mask = floats(where * (distance >= least))
    order = [(1, 2, 0), (2, 0, 1)][int(random.integers(2))]
    stone = view.layer.light[..., list(order)]
    if np.abs(stone - view.layer.light)[mask > 0.5].mean() < 0.05:  # a colorless stone turns blue
        stone = view.layer.light * floats([0.35, 0.55, 1.0])
    light = view.layer.light * (1 - mask[..., None]) + stone * mask[..., None]
    return view.composed(Layer(floats(light), view.layer.cover))


def recolored_piece(view: Scene, random: np.random.Generator) -> Bytes | None:
    """All of the piece has the color of another metal."""
    names = [name for name in (*METALS, "green") if name != view.piece.metal]
    if view.piece.metal in ("white", "steel"):  # these two differ in brightness more than in hue
        names = [name for name in names if name not in ("white", "steel")]
    other = {**METALS, "green": (90, 160, 95)}[names[int(random.integers(len(names)))]]
    one, two = (to_linear(np.array(c, np.uint8)) for c in (METALS[view.piece.metal], other))
    return view.composed(view.layer.lit(floats(two / one)))


def metal_hue(view: Scene, random: np.random.Generator) -> Bytes | None:
    """The metal's hue is off by ΔE 4."""
    angle = random.uniform(0, 2 * np.pi)
    stone = view.part(view.piece.stone)
    where = view.layer.cover if stone is None else view.layer.cover * (1 - stone)
    colors = lab(view.image)
    colors[..., 1] += 4 * np.cos(angle) * where
    colors[..., 2] += 4 * np.sin(angle) * where
    return to_bytes(to_srgb(cv2.cvtColor(colors, cv2.COLOR_LAB2LRGB)))


def stretched(view: Scene, random: np.random.Generator) -> Bytes | None:
    """The piece is 3 to 5 % wider or higher than it is."""
    factors = [1.0, 1.0]
    factors[int(random.integers(2))] = random.choice([-1, 1]) * random.uniform(0.03, 0.05) + 1
    return _warped(view, factors[0], factors[1])


def wrong_scale(view: Scene, random: np.random.Generator) -> Bytes | None:
    """The piece is 5 to 10 % larger or smaller than it is."""
    factor = random.choice([-1, 1]) * random.uniform(0.05, 0.1) + 1
    return _warped(view, factor, factor)


def mirrored(view: Scene, _random: np.random.Generator) -> Bytes | None:
    """Left and right are exchanged."""
    return _warped(view, -1.0, 1.0)


def softened(view: Scene, random: np.random.Generator) -> Bytes | None:
    """The piece is out of focus, by 1.2 to 2 pixels."""
    sigma = random.uniform(1.2, 2.0)
    soft = Layer(blur(view.layer.light, sigma), blur(view.layer.cover, sigma))
    return view.composed(soft)


DAMAGES: dict[str, Damage] = {
    "lost prong": lost_prong,
    "bite": bite,
    "recolored stone": recolored_stone,
    "whole piece recolored": recolored_piece,
    "metal hue ΔE 4": metal_hue,
    "filled opening": filled_opening,
    "rag": rag,
    "stretched 3–5 %": stretched,
    "duplicated stone": duplicated_stone,
    "lost engraving": lost_engraving,
    "wrong scale": wrong_scale,
    "mirrored": mirrored,
    "softened": softened,
    "missing strand": missing_strand,
}


def honest(view: Scene, random: np.random.Generator) -> Bytes:
    """No damage: the lamp is up to 8 % brighter or darker, all is moved by up to half a pixel, and
    the file was a JPEG of quality 92.
    """
    gain = random.uniform(0.92, 1.08)
    move = np.array([[1, 0, random.uniform(-0.5, 0.5)], [0, 1, random.uniform(-0.5, 0.5)]])
    size = (view.image.shape[1], view.image.shape[0])
    light = cv2.warpAffine(
        to_linear(view.image) * gain,
        move,
        size,
        flags=cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REFLECT,
    )
    return saved(to_bytes(to_srgb(light)))


def saved(image: Bytes) -> Bytes:
    """The picture as a JPEG of quality 92 gives it back."""
    _, file = cv2.imencode(".jpg", image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
    return np.asarray(cv2.imdecode(file, cv2.IMREAD_COLOR)[..., ::-1], np.uint8)


def unknown_behind(declared: Declaration) -> Declaration:
    """The declaration that we have where somebody else made the picture."""
    return replace(declared, behind=None, laid=None)


def _warped(view: Scene, across: float, down: float) -> Bytes:
    """The piece scaled about its middle."""
    rows, columns = (np.flatnonzero((view.layer.cover > 0.5).any(axis)) for axis in (1, 0))
    x, y = (columns[0] + columns[-1]) / 2, (rows[0] + rows[-1]) / 2
    matrix = np.array([[across, 0, x - across * x], [0, down, y - down * y]], np.float64)
    size = (view.image.shape[1], view.image.shape[0])
    light, cover = (
        cv2.warpAffine(values, matrix, size, flags=cv2.INTER_CUBIC)
        for values in (view.layer.light, view.layer.cover)
    )
    return view.composed(Layer(floats(np.maximum(light, 0)), floats(np.clip(cover, 0, 1))))


def _at_the_outline(solid: Mask, random: np.random.Generator) -> tuple[int, int]:
    edge = np.argwhere(solid & ~cv2.erode(solid.astype(np.uint8), np.ones((3, 3))).astype(bool))
    y, x = edge[int(random.integers(len(edge)))]
    return int(x), int(y)


def _disc(view: Scene, at: tuple[int, int], radius: float) -> Floats:
    down, across = np.mgrid[0 : view.image.shape[0], 0 : view.image.shape[1]]
    return floats(np.clip(radius - np.hypot(across - at[0], down - at[1]) + 0.5, 0, 1))


def _over(upper: Layer, lower: Layer) -> Layer:
    rest = 1 - upper.cover
    return Layer(
        floats(upper.light + lower.light * rest[..., None]),
        floats(upper.cover + lower.cover * rest),
    )


def _together(one: Layer, other: Layer) -> Layer:
    """Two layers that lie beside each other."""
    return Layer(floats(one.light + other.light), floats(np.minimum(one.cover + other.cover, 1)))
