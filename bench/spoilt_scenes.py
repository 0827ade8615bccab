"""What generators answer, as we imagine it: fit scenes, and twelve ways in which one is spoilt.

This painter shares no code, no surface and no parameter with the studio or the stand-ins: it works
with Pillow and SciPy only, knows the plate behind the piece, and says what it did. Each answer is a
file of its own random numbers.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from scipy import ndimage

Floats = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Random = np.random.Generator
BASES = ((214, 205, 190), (66, 70, 78), (150, 112, 76), (232, 214, 186), (118, 128, 122),
         (196, 168, 150), (88, 60, 48), (238, 238, 234), (126, 140, 160), (40, 40, 44))  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a generator was sent: the piece alone on the canvas (HxWx4, straight alpha), the mask
    (HxW, 255 to be painted) and another piece (hxwx4), which nobody ordered.
    """

    piece: Bytes
    paint: Bytes
    stranger: Bytes

    @property
    def reach(self) -> float:
        """The longer edge of the piece in pixels."""
        return float(max(np.ptp(np.nonzero(self.piece[..., 3] > 40), axis=1)))


@dataclass(frozen=True)
class Answer:
    """The file, the plate without any piece (HxWx3), and where jewelry was drawn (HxW)."""

    file: bytes
    plate: Bytes
    jewelry: NDArray[np.bool_]


def surface(random: Random, high: int, wide: int) -> Floats:
    """A plate (HxWx3, 0 to 255): stone, cloth, boards, folds, or a table before a wall."""
    down, across = np.mgrid[0:high, 0:wide] / max(high, wide)
    base = np.array(BASES[random.integers(len(BASES))]) * random.uniform(0.9, 1.08)
    angle = random.uniform(0, np.pi)
    along = across * np.cos(angle) + down * np.sin(angle)
    turns = random.uniform(0, 7)
    kind = random.integers(6)
    tone = np.ones((high, wide))
    if kind == 0:  # veined stone
        bend = _smooth(random, high, wide, wide / 12)
        tone += random.uniform(0.04, 0.12) * np.tanh(np.sin(20 * along + 3 * bend) * 3)
    elif kind == 1:  # woven cloth
        rate = random.uniform(0.35, 0.9)
        tone += 0.06 * np.sin(rate * wide * across * 2) * np.sin(rate * high * down * 2)
    elif kind == 2:  # boards
        tone += 0.05 * np.sin(180 * along + 3 * np.sin(9 * (down - across) + turns))
        tone -= 0.25 * (np.abs((along * 3 + turns) % 1 - 0.5) > 0.492)
    elif kind == 3:  # folds
        tone += random.uniform(0.08, 0.2) * np.sin(along * random.uniform(12, 24) + turns)
    elif kind == 4:  # a table before a wall
        tone = np.where(down < random.uniform(0.06, 0.2), random.uniform(0.6, 1.2), tone)
    grain = _smooth(random, high, wide, random.uniform(1, 4))
    tone += random.uniform(0.005, 0.04) * grain / grain.std()
    tone *= 1 + random.uniform(-0.25, 0.25) * (across - 0.4) + random.uniform(-0.2, 0.2) * down
    return np.asarray(np.clip(base * tone[..., None], 0, 255))


def _smooth(random: Random, high: int, wide: int, step_px: float) -> Floats:
    """Noise (HxW, about 1 strong) that has a value of its own every so many pixels."""
    size = (max(4, round(wide / step_px)), max(4, round(high / step_px)))
    noise = Image.fromarray(random.normal(size=size[::-1]).astype(np.float32))
    return np.asarray(noise.resize((wide, high), Image.Resampling.BICUBIC), np.float64)


def _soft(values: Floats, sigma_px: float) -> Floats:
    """A layer (HxW, 0 to 1) blurred."""
    image = Image.fromarray(np.clip(values * 255, 0, 255).astype(np.uint8))
    return np.asarray(image.filter(ImageFilter.GaussianBlur(sigma_px)), np.float64) / 255


def redrawn(piece: Bytes, random: Random, bend_px: float = 0.5) -> Bytes:
    """The piece as a decoder leaves it: a little softer, bent, brighter or darker, grainy."""
    high, wide = piece.shape[:2]
    bend = [_smooth(random, high, wide, 50) for _ in range(2)]
    places = np.mgrid[0 : piece.shape[0], 0 : piece.shape[1]].astype(float)
    for axis, one in enumerate(bend):
        places[axis] += one / one.std() * random.uniform(0, bend_px)
    soft = random.uniform(0.2, 0.8)
    shown = piece.astype(float)
    shown[..., :3] *= random.uniform(0.97, 1.03)
    shown[..., :3] += random.normal(0, random.uniform(0, 3), piece.shape[:2])[..., None]
    layers = [
        ndimage.map_coordinates(ndimage.gaussian_filter(shown[..., n], soft), places, order=1)
        for n in range(4)
    ]
    return np.asarray(np.clip(np.stack(layers, -1), 0, 255), np.uint8)


def moved(layer: Bytes, scale: float, turn_deg: float, right: float, down: float) -> Bytes:
    """The layer (HxWx4) zoomed and turned about its middle, then shifted by so many pixels."""
    high, wide = layer.shape[:2]
    cos, sin = (f(np.radians(turn_deg)) / scale for f in (np.cos, np.sin))
    x, y = wide / 2 + right, high / 2 + down
    back = (cos, sin, wide / 2 - cos * x - sin * y, -sin, cos, high / 2 + sin * x - cos * y)
    image = Image.fromarray(layer)
    how = Image.Resampling.BICUBIC
    premultiplied = image.convert("RGBa").transform(image.size, Image.Transform.AFFINE, back, how)
    return np.asarray(premultiplied.convert("RGBA"))


def laid(plate: Floats, layer: Bytes, random: Random) -> Floats:
    """The layer on the plate, with a shadow of its own."""
    cover = layer[..., 3:] / 255
    reach = 0.01 * max(plate.shape)
    by = np.round(random.uniform(-1.5, 1.5, 2) * reach).astype(int)
    dark = _soft(np.roll(layer[..., 3] / 255, by, (0, 1)), random.uniform(0.5, 2) * reach)
    shaded = plate * (1 - random.uniform(0.1, 0.4) * dark[..., None])
    return np.asarray(layer[..., :3] * cover + shaded * (1 - cover))


def file_of(picture: Floats, random: Random) -> bytes:
    """The picture as a PNG or, by turns, a JPEG."""
    image = Image.fromarray(np.clip(picture + 0.5, 0, 255).astype(np.uint8))
    out = io.BytesIO()
    if random.random() < 0.5:
        image.save(out, "JPEG", quality=int(random.integers(86, 97)))
    else:
        image.save(out, "PNG", compress_level=1)
    return out.getvalue()


def _honest_move(random: Random, wide: int) -> tuple[float, float, float, float]:
    """Half of all answers keep the frame; the others move by less than the limits allow."""
    if random.random() < 0.5:
        return 1.0, 0.0, 0.0, 0.0
    right, down = random.uniform(-0.025, 0.025, 2) * wide
    return random.uniform(0.98, 1.035), random.uniform(-1.5, 1.5), right, down


Spoil = Callable[[Asked, Random], Answer]


def _answer(
    asked: Asked,
    random: Random,
    *,
    layer: Bytes | None = None,
    after: Callable[[Floats], Floats] = lambda picture: picture,
    more: Bytes | None = None,
) -> Answer:
    """One answer: *layer* instead of the piece, *more* beside it, *after* on the whole picture."""
    high, wide = asked.paint.shape
    plate = surface(random, high, wide)
    if layer is None:
        layer = moved(redrawn(asked.piece, random), *_honest_move(random, wide))
    picture = laid(plate, layer, random)
    drawn = layer[..., 3] > 60
    if more is not None:
        picture = laid(picture, more, random)
        drawn |= more[..., 3] > 60
    return Answer(file_of(after(picture), random), plate.astype(np.uint8), drawn)


def fit(asked: Asked, random: Random) -> Answer:
    """A scene as it should be, in the canvas's size or another of the same shape."""
    size = random.choice([1.0, 1.0, 0.75, 1.5])
    return _answer(asked, random, after=lambda picture: _sized(picture, size, size))


def _sized(picture: Floats, across: float, down: float) -> Floats:
    high, wide = picture.shape[:2]
    size = (max(8, round(wide * across)), max(8, round(high * down)))
    image = Image.fromarray(picture.astype(np.uint8))
    return np.asarray(image.resize(size, Image.Resampling.LANCZOS), float)


def shifted(asked: Asked, random: Random) -> Answer:
    """By 9 to 30 % of the edge, the rest filled as if nothing were wrong."""
    angle, by = random.uniform(0, 2 * np.pi), random.uniform(0.09, 0.3) * asked.paint.shape[1]
    turned = random.uniform(-1, 1)
    layer = moved(redrawn(asked.piece, random), 1, turned, by * np.cos(angle), by * np.sin(angle))
    return _answer(asked, random, layer=layer)


def zoomed(asked: Asked, random: Random) -> Answer:
    """Smaller or larger by more than a tenth."""
    scale = random.uniform(0.6, 0.89) if random.random() < 0.5 else random.uniform(1.12, 1.5)
    return _answer(asked, random, layer=moved(redrawn(asked.piece, random), scale, 0, 0, 0))


def turned(asked: Asked, random: Random) -> Answer:
    """By 6 to 40 degrees."""
    angle = random.choice([-1, 1]) * random.uniform(6, 40)
    return _answer(asked, random, layer=moved(redrawn(asked.piece, random), 1, angle, 0, 0))


def another(asked: Asked, random: Random) -> Answer:
    """Another piece in its place, as large; or the piece bent out of shape."""
    if random.random() < 0.3:
        bent = redrawn(asked.piece, random, bend_px=random.uniform(0.04, 0.1) * asked.reach)
        return _answer(asked, random, layer=bent)
    return _answer(asked, random, layer=_in_place_of(asked, random.uniform(0.95, 1.1)))


def _in_place_of(asked: Asked, scale: float, at: tuple[float, float] | None = None) -> Bytes:
    """The stranger on an empty canvas, as large as the piece times *scale*, its middle *at*."""
    rows, columns = np.nonzero(asked.piece[..., 3] > 40)
    middle = at or ((columns.min() + columns.max()) / 2, (rows.min() + rows.max()) / 2)
    return _placed(asked.stranger, asked, scale, middle)


def _placed(rgba: Bytes, asked: Asked, scale: float, middle: tuple[float, float]) -> Bytes:
    rows, columns = np.nonzero(rgba[..., 3] > 40)
    part = Image.fromarray(rgba[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    by = scale * asked.reach / max(part.size)
    part = part.resize(
        (max(4, round(part.width * by)), max(4, round(part.height * by))), Image.Resampling.LANCZOS
    )
    whole = Image.new("RGBA", asked.paint.shape[::-1], (0, 0, 0, 0))
    whole.paste(part, (round(middle[0] - part.width / 2), round(middle[1] - part.height / 2)))
    return np.asarray(whole)


def _beside(asked: Asked, random: Random, rgba: Bytes) -> Bytes:
    """A piece a third to as large where most of it is seen and nothing of the other is covered."""
    high, wide = asked.paint.shape
    own = ndimage.binary_dilation(asked.piece[..., 3] > 40, iterations=3)
    best, least = None, np.inf
    for _ in range(12):
        scale = random.uniform(0.33, 0.75)
        margin = 0.12 + 0.25 * scale
        at = (random.uniform(margin, 1 - margin) * wide, random.uniform(margin, 1 - margin) * high)
        layer = _placed(rgba, asked, scale, at)
        seen = layer[..., 3] > 40
        overlap = float((seen & own).sum() / max(1, seen.sum()))
        if overlap < least:
            best, least = layer, overlap
        if overlap == 0:
            break
    assert best is not None
    clear = best.copy()
    clear[own] = 0
    return clear


def twin(asked: Asked, random: Random) -> Answer:
    """The same piece once more, smaller, turned by up to 12 degrees."""
    own = moved(redrawn(asked.piece, random), 1, random.uniform(-12, 12), 0, 0)
    return _answer(asked, random, more=_beside(asked, random, own))


def stranger(asked: Asked, random: Random) -> Answer:
    """Another piece beside it."""
    return _answer(asked, random, more=_beside(asked, random, redrawn(asked.stranger, random)))


def expanded(asked: Asked, random: Random) -> Answer:
    """The piece goes on beyond its outline: thickened on one side, or with an arm too many."""
    layer = redrawn(asked.piece, random)
    alpha = layer[..., 3] > 128
    nearest = ndimage.distance_transform_edt(~alpha, return_distances=False, return_indices=True)
    extended = layer[..., :3][tuple(nearest)]
    reach = asked.reach
    if random.random() < 0.5:
        angle, by = random.uniform(0, 2 * np.pi), random.uniform(0.08, 0.16) * reach
        steps = np.linspace(0, by, 24)
        grown = np.any(
            [np.roll(alpha, (round(s * np.sin(angle)), round(s * np.cos(angle))), (0, 1))
             for s in steps], axis=0)  # fmt: skip
    else:
        rows, columns = np.nonzero(alpha)
        one = random.integers(len(rows))
        angle, long = random.uniform(0, 2 * np.pi), random.uniform(0.35, 0.7) * reach
        places = [np.linspace(0, long, 200) * f(angle) for f in (np.sin, np.cos)]
        points = np.round(np.array([rows[one] + places[0], columns[one] + places[1]])).astype(int)
        inside = np.all((points >= 0) & (points < np.array(alpha.shape)[:, None]), axis=0)
        line = np.zeros(alpha.shape, bool)
        line[tuple(points[:, inside])] = True
        grown = ndimage.distance_transform_edt(~line) < random.uniform(0.03, 0.06) * reach
    grown |= alpha
    layer = np.dstack([extended, np.where(grown, 255, layer[..., 3])]).astype(np.uint8)
    return _answer(asked, random, layer=layer)


def cropped(asked: Asked, random: Random) -> Answer:
    """A window of 55 to 85 % of the frame, made as large as the frame was."""
    share = random.uniform(0.55, 0.85)
    left, top = random.uniform(0, 1 - share, 2)

    def cut(picture: Floats) -> Floats:
        high, wide = picture.shape[:2]
        box = (left * wide, top * high, (left + share) * wide, (top + share) * high)
        image = Image.fromarray(picture.astype(np.uint8))
        how = Image.Resampling.BICUBIC
        return np.asarray(image.resize((wide, high), how, box), float)

    return _answer(asked, random, after=cut)


def tinted(asked: Asked, random: Random) -> Answer:
    """All of it in another light: one channel against the others by a third or more."""
    gains = np.ones(3)
    gains[random.integers(3)] = np.exp(random.choice([-1, 1]) * random.uniform(0.35, 0.7))
    return _answer(asked, random, after=lambda picture: np.asarray(picture * gains / gains.mean()))


def blurred(asked: Asked, random: Random) -> Answer:
    """All of it out of focus."""
    by = random.uniform(0.014, 0.035) * asked.reach
    return _answer(
        asked, random, after=lambda picture: ndimage.gaussian_filter(picture, (by, by, 0))
    )


def flat(asked: Asked, random: Random) -> Answer:
    """Black, one tone with some noise, half of it black, or a scene without any piece."""
    kind = random.integers(4)
    nothing = np.zeros_like(asked.piece)
    if kind == 0:
        return _answer(asked, random, after=lambda picture: picture * random.uniform(0, 0.03))
    if kind == 1:
        tone, noise = random.uniform(0, 255), random.uniform(0, 2)
        return _answer(
            asked, random, after=lambda p: np.asarray(tone + random.normal(0, noise, p.shape))
        )
    if kind == 2:
        edge = asked.paint.shape[0] // 2
        return _answer(
            asked, random, after=lambda p: np.concatenate([p[:edge], np.zeros_like(p[edge:])])
        )
    return _answer(asked, random, layer=nothing)


def missized(asked: Asked, random: Random) -> Answer:
    """Of another shape, squeezed or cut; or far too small."""
    if random.random() < 0.4:
        small = random.uniform(0.06, 0.3)
        return _answer(asked, random, after=lambda picture: _sized(picture, small, small))
    shape = np.exp(random.choice([-1, 1]) * random.uniform(0.09, 0.7))
    if random.random() < 0.5:
        sides = (shape**0.5, shape**-0.5)
        return _answer(asked, random, after=lambda picture: _sized(picture, *sides))
    keep = min(shape, 1 / shape)
    return _answer(asked, random, after=lambda picture: picture[: round(picture.shape[0] * keep)])


def seamed(asked: Asked, random: Random) -> Answer:
    """A step round the piece, along the mask as it is or in the cells of a model."""
    away = ndimage.distance_transform_edt(asked.piece[..., 3] < 5)
    inside = away < random.uniform(0.055, 0.13) * asked.reach
    if random.random() < 0.5:
        cell = 16
        high, wide = inside.shape
        blocks = inside[: high // cell * cell, : wide // cell * cell]
        coarse = blocks.reshape(high // cell, cell, wide // cell, cell).any((1, 3))
        inside = coarse.repeat(cell, 0).repeat(cell, 1)
        inside = np.pad(inside, [(0, high - inside.shape[0]), (0, wide - inside.shape[1])])
    hers = asked.piece[..., 3:] / 255
    gray, step = random.random() < 0.5, random.choice([-1, 1]) * random.uniform(14, 45)

    def cut(picture: Floats) -> Floats:
        ring = inside[..., None] & (hers < 1)
        other = np.array([176.0, 174, 171]) if gray else picture + step
        lain = asked.piece[..., :3] * hers + other * (1 - hers) if gray else other
        return np.where(ring, lain, picture)

    layer = redrawn(asked.piece, random, bend_px=0.2)
    return _answer(asked, random, layer=layer, after=cut)


KINDS: dict[str, Spoil] = {
    "fit": fit,
    "shifted": shifted,
    "zoomed": zoomed,
    "turned": turned,
    "another piece in its place": another,
    "the same piece beside it": twin,
    "another piece beside it": stranger,
    "expanded beyond its outline": expanded,
    "cropped": cropped,
    "in another light": tinted,
    "out of focus": blurred,
    "black, flat or without a piece": flat,
    "of another shape, or tiny": missized,
    "a seam at the mask": seamed,
}
