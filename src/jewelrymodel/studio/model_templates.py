"""Our pictures of virtual models, and what was baked beside them.

The format is described in tools/templates/README.md: pixels from the top left, camera space in
millimeters with z away from the camera.
"""

import functools
import json
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from jewelrymodel.studio.arrays import Bytes, Floats, floats

FORMAT = 1
FAR = 1e5
_SOFT, _SOFT_REACH = 0.7, 5  # pixels of a mask's rim, and how far its blur looks
_SMALL_SOFT_PX = 1.4  # the blur that is left where a window was first shrunk by whole numbers
PACK = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Template:
    """One person: picture and part identities of the same size, the anchors of its kind, and the
    distance from the camera (`depth_mm`, at 1/`depth_scale` of the size; FAR behind the person).
    """

    id: str
    kind: str
    tone: str
    focal_px: float
    key_direction: Floats
    key_color: Floats
    fill_color: Floats
    anchors: dict[str, Any]
    picture: Bytes
    parts: Bytes
    center_px: Floats
    depth_mm: Floats
    depth_scale: int
    front: Floats | None = None  # HxW, 0…1: what lies in front of whatever piece


@dataclass(frozen=True)
class View:
    """A window of a template enlarged to a picture: `zoom` and the window's `origin` in its
    pixels.
    """

    template: Template
    origin: Floats
    zoom: float
    size_px: tuple[int, int]

    def points(self, template_px: Any) -> Floats:
        """Template pixels as places in the picture."""
        return floats((np.asarray(template_px, np.float64) - self.origin) * self.zoom)

    def px_per_mm(self, depth_mm: Any) -> Floats:
        """Picture pixels per millimeter at a distance from the camera."""
        return floats(self.template.focal_px * self.zoom / np.asarray(depth_mm, np.float64))

    def picture(self) -> Floats:
        """The window as sRGB floats."""
        rows, columns = self._reach(0)
        source = self.template.picture[rows, columns]
        return floats(self._warped(source, cv2.INTER_CUBIC) / 255).clip(0, 1)

    def part_mask(self, identities: tuple[int, ...]) -> Floats:
        """Soft mask of some parts in the window."""
        wanted = np.zeros(256, np.float32)
        wanted[list(identities)] = 1
        return self._softened(self.template.parts, lambda parts: floats(wanted[parts]))

    def uncovered(self) -> Floats:
        """1 where nothing of the picture lies in front of a piece, 0 where something does."""
        if self.template.front is None:
            return np.ones(self.size_px[::-1], np.float32)
        return floats(1 - self._softened(self.template.front, floats))

    def _softened(self, values: Any, mask_of: Callable[[Any], Floats]) -> Floats:
        rows, columns = self._reach(_SOFT_REACH)
        soft = cv2.GaussianBlur(mask_of(values[rows, columns]), (0, 0), _SOFT)
        near = self._reach(0)
        inner = (
            slice(one.start - outer.start, one.stop - outer.start)
            for one, outer in zip(near, (rows, columns), strict=True)
        )
        return self._warped(soft[tuple(inner)], cv2.INTER_LINEAR).clip(0, 1)

    def depth_mm(self) -> Floats:
        """Distance of the person from the camera, up to a little over the outline; then FAR."""
        scale = self.template.depth_scale
        zoom, shift = self.zoom * scale, -self.origin * self.zoom + (self.zoom * scale - 1) / 2
        matrix = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]], np.float64)
        how, edge = cv2.INTER_LINEAR, cv2.BORDER_REPLICATE
        source = self.template.depth_mm
        return floats(cv2.warpAffine(source, matrix, self.size_px, flags=how, borderMode=edge))

    def rays(self) -> Floats:
        """Camera rays (HxWx3, z = 1) through the pixels' centers."""
        width, height = self.size_px
        down, across = np.mgrid[0:height, 0:width] + 0.5
        template = self.template
        x = across / self.zoom + self.origin[0] - template.center_px[0]
        y = down / self.zoom + self.origin[1] - template.center_px[1]
        return floats(np.dstack([x, y, np.full_like(x, template.focal_px)]) / template.focal_px)

    @property
    def _blur_px(self) -> float:
        """By how much the picture is softened before it is shrunk: the warp looks at neighbors."""
        return 0.45 / self.zoom if self.zoom < 0.9 else 0.0

    def _reach(self, more: int) -> tuple[slice, slice]:
        """The rows and columns of the template that the window needs, and `more` round them."""
        room = int(4 * self._blur_px) + 5 + more
        low = np.floor(self.origin).astype(int) - room
        far = np.ceil(self.origin + np.array(self.size_px) / self.zoom).astype(int) + room
        high, wide = self.template.parts.shape[:2]
        rows, columns = (
            slice(int(np.clip(start, 0, edge - 1)), int(np.clip(stop, 1, edge)))
            for start, stop, edge in ((low[1], far[1], high), (low[0], far[0], wide))
        )
        return rows, columns

    def _warped(self, values: Any, how: int) -> Floats:
        """The window of what lies within its reach in the template."""
        rows, columns = self._reach(0)
        origin = self.origin - np.array([columns.start, rows.start])
        shift = -origin * self.zoom + (self.zoom - 1) / 2
        matrix = np.array([[self.zoom, 0, shift[0]], [0, self.zoom, shift[1]]], np.float64)
        source, soft_px = floats(values), self._blur_px
        if (factor := int(soft_px / _SMALL_SOFT_PX)) > 1:
            # Most of it goes by averaging squares, which blur by a variance of (factor² - 1) / 12.
            source = _by_squares(source, factor)
            matrix[:, 2] += matrix[:, :2] @ np.full(2, (factor - 1) / 2)
            matrix[:, :2] *= factor
            soft_px = math.sqrt(soft_px**2 - (factor**2 - 1) / 12) / factor
            how = cv2.INTER_CUBIC
        if soft_px:
            source = floats(cv2.GaussianBlur(source, (0, 0), soft_px))
        edge = cv2.BORDER_REPLICATE
        return floats(cv2.warpAffine(source, matrix, self.size_px, flags=how, borderMode=edge))


def _by_squares(values: Floats, factor: int) -> Floats:
    """A picture whose pixels are the means of squares."""
    height, width = values.shape[:2]
    ends = -height % factor, -width % factor
    whole = cv2.copyMakeBorder(values, 0, ends[0], 0, ends[1], cv2.BORDER_REFLECT_101)
    size = whole.shape[1] // factor, whole.shape[0] // factor
    return floats(cv2.resize(whole, size, interpolation=cv2.INTER_AREA))


_LENT: ContextVar[Template | None] = ContextVar("lent template", default=None)


@contextmanager
def lent(template: Template | None) -> Iterator[None]:
    """While one picture is made, a template that is in no pack: a seller's own model."""
    token = _LENT.set(template)
    try:
        yield
    finally:
        _LENT.reset(token)


def _lent(template_id: str) -> Template | None:
    template = _LENT.get()
    return template if template is not None and template.id == template_id else None


def load_template(template_id: str, pack: Path = PACK) -> Template:
    """Return one template, the one that is lent or of the pack. Raises KeyError for an id of
    neither.
    """
    return _lent(template_id) or _load(template_id, pack)


@functools.lru_cache(maxsize=4)
def _load(template_id: str, pack: Path) -> Template:
    folder = pack / template_id
    if not (folder / "template.json").is_file():
        raise KeyError(template_id)
    description = json.loads((folder / "template.json").read_text("utf-8"))
    if description["format"] != FORMAT:
        raise ValueError(f"{template_id}: format {description['format']} instead of {FORMAT}")
    light = description["light"]
    return Template(
        id=description["id"],
        kind=description["kind"],
        tone=description["tone"],
        focal_px=float(description["camera"]["focal_px"]),
        key_direction=floats(light["key_direction"]),
        key_color=floats(light["key_color"]),
        fill_color=floats(light["fill_color"]),
        anchors=description["anchors"],
        picture=np.asarray(Image.open(folder / description["picture"]["file"]).convert("RGB")),
        parts=np.asarray(Image.open(folder / description["passes"]["parts"]["file"])),
        center_px=floats(description["camera"]["center_px"]),
        depth_mm=_depth(folder, description["passes"]["depth"]),
        depth_scale=int(description["passes"]["depth"]["scale"]),
    )


def anchors_of(template_id: str, pack: Path = PACK) -> dict[str, Any]:
    """A template's anchors without its picture, to choose among several."""
    template = _lent(template_id)
    return _read_anchors(template_id, pack) if template is None else template.anchors


@functools.lru_cache(maxsize=32)
def _read_anchors(template_id: str, pack: Path) -> dict[str, Any]:
    description = json.loads((pack / template_id / "template.json").read_text("utf-8"))
    anchors: dict[str, Any] = description["anchors"]
    return anchors


def _depth(folder: Path, description: dict[str, Any]) -> Floats:
    stored = np.asarray(Image.open(folder / description["file"]))
    depth = description["near_mm"] + (stored.astype(np.float64) - 1) * description["unit_mm"]
    person = floats(np.where(stored == 0, FAR, depth))
    # The parts give the finer outline: here the person reaches a little over it.
    reached = cv2.erode(person, np.ones((5, 5), np.uint8))
    return floats(np.where(stored == 0, reached, person))


def available(template_ids: tuple[str, ...], pack: Path = PACK) -> tuple[str, ...]:
    """Those of the ids that are lent or that the pack holds."""
    return tuple(
        name for name in template_ids
        if _lent(name) is not None or (pack / name / "template.json").is_file()
    )  # fmt: skip
