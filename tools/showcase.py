"""Make the pictures that the site shows of our own results: run by hand when a look changes.

``python tools/showcase.py``: every look's thumbnail and the home page's results, from our own
renders of invented pieces, by the same renderer that sellers use. Nothing is retouched.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from jewelrymodel.config.environment_variables import models_dir
from jewelrymodel.studio.cutout import Cutout, cut_out
from jewelrymodel.studio.looks import LOOKS
from jewelrymodel.studio.matting import load_matting
from jewelrymodel.studio.photo import open_photo
from jewelrymodel.studio.piece_kinds import Kind
from jewelrymodel.studio.render import render
from jewelrymodel.studio.render_request import RenderRequest

PACKAGE = Path(__file__).parents[1] / "src/jewelrymodel"
PHOTOS = PACKAGE / "demo/photos"
STATIC = PACKAGE / "web/static"
EDGE_PX, THUMB_PX = 1024, 400
QUALITY, THUMB_QUALITY = 86, 75  # a page shows a dozen thumbnails: weave and velvet weighed most
SHARE_PX = (1200, 630)

PIECES = {  # kind: (photo, size in millimeters)
    Kind.PENDANT: ("render_pendant.jpg", 22.0),
    Kind.RING: ("render_ring.jpg", 20.0),
    Kind.EARRING: ("render_hoop.jpg", 24.0),
}
RESULTS = {  # name on the home page: (kind, look)
    "pendant-neck": (Kind.PENDANT, "neck-light"),
    "ring-hand": (Kind.RING, "hand-light"),
    "earring-ear": (Kind.EARRING, "ear-light"),
    "pendant-marble": (Kind.PENDANT, "marble"),
    "ring-velvet": (Kind.RING, "velvet"),
}


def main() -> None:
    """Write static/looks and static/showcase."""
    cutouts = {kind: cut(kind) for kind in PIECES}
    for folder in ("looks", "showcase"):
        (STATIC / folder).mkdir(exist_ok=True)
    for look in LOOKS.values():
        for kind in look.piece_kinds & PIECES.keys():
            save(picture(cutouts, kind, look.id), f"looks/{look.id}-{kind.value}.webp", THUMB_PX)
    for name, (kind, look_id) in RESULTS.items():
        if look_id in LOOKS:
            save(picture(cutouts, kind, look_id), f"showcase/{name}.webp", EDGE_PX)
    for kind, (photo, _) in PIECES.items():
        save(Image.open(PHOTOS / photo), f"showcase/{kind.value}-photo.webp", EDGE_PX)
    share().save(STATIC / "showcase/share.jpg", quality=82, optimize=True)


def share() -> Image.Image:
    """Two results side by side, in the format in which other sites show a link to ours."""
    made = Image.new("RGB", SHARE_PX)
    for n, name in enumerate(("pendant-neck", "ring-hand")):
        with Image.open(STATIC / f"showcase/{name}.webp") as picture:
            made.paste(
                ImageOps.fit(picture.convert("RGB"), (SHARE_PX[0] // 2, SHARE_PX[1])),
                (n * SHARE_PX[0] // 2, 0),
            )
    return made


def cut(kind: Kind) -> Cutout:
    """The invented piece of this kind, cut out of its photo."""
    matting = load_matting(models_dir(), "auto")
    photo = open_photo((PHOTOS / PIECES[kind][0]).read_bytes())
    return cut_out(photo.rgb, matting, lambda step: None, kind=kind)


def picture(cutouts: dict[Kind, Cutout], kind: Kind, look_id: str) -> Image.Image:
    """One result; says on the terminal when it misses the fidelity gate."""
    request = RenderRequest(kind, look_id, PIECES[kind][1], EDGE_PX)
    made = render(cutouts[kind], request, lambda step: None)
    print(look_id, kind.value, "passed" if made.fidelity.passed else f"FAILED {made.fidelity}")
    image = Image.fromarray(made.image)
    if image.mode == "RGBA":
        return Image.alpha_composite(checkered(image.size), image)
    return image


def checkered(size: tuple[int, int]) -> Image.Image:
    """What stands for nothing behind a transparent result."""
    down, across = np.mgrid[0 : size[1], 0 : size[0]] // (max(size) // 24)
    gray = np.where((down + across) % 2, 255, 226).astype(np.uint8)
    return Image.fromarray(gray).convert("RGBA")


def save(image: Image.Image, name: str, edge_px: int) -> None:
    """Write *image* as WebP with its longest edge at *edge_px*."""
    shown = image.convert("RGB")
    shown.thumbnail((edge_px, edge_px), Image.Resampling.LANCZOS)
    quality = THUMB_QUALITY if edge_px == THUMB_PX else QUALITY
    shown.save(STATIC / name, quality=quality, method=6)


if __name__ == "__main__":
    main()
