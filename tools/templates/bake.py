"""Bake templates: python bake.py --data <mpfb2 folder> --out <pack folder> ID [ID ...]."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path

import complexion
import cv2
import ear
import finish
import hand
import neck
import numpy as np
import passes
import stage
import wrist
from PIL import Image
from skin_surface import RELIEF, STRENGTH

EXPOSURE = {"light": 1.14, "tan": 1.06, "deep": 1.0}

NECKS = {
    "neck-light": neck.NeckOrder("light", {"caucasian": 1.0}, 10, 0.10, (0.34, 0.31, 0.29)),
    "neck-tan": neck.NeckOrder(
        "tan", {"caucasian": 0.7, "asian": 0.3}, -10, -0.10, (0.20, 0.25, 0.26), 1.15
    ),
    "neck-deep": neck.NeckOrder(
        "deep", {"caucasian": 0.6, "african": 0.4}, 8, 0.06, (0.50, 0.34, 0.22), 1.6
    ),
}
FLAT = {"bend": -0.5}
SLANT = {"bend": 0.3}
STEEP = {"bend": 0.9, "knuckle_deg": 10.0, "wrist_deg": 14.0}
HANDS = {
    "hand-light-35": hand.HandOrder("light", 35, (0.36, 0.30, 0.27), 1.12, **SLANT),
    "hand-light-55": hand.HandOrder("light", 55, (0.21, 0.26, 0.25), 1.12, **STEEP),
    "hand-light-15": hand.HandOrder("light", 15, (0.55, 0.50, 0.45), 1.12, **FLAT),
    "hand-tan-35": hand.HandOrder("tan", 35, (0.60, 0.53, 0.46), 1.3, -9.0, **SLANT),
    "hand-tan-55": hand.HandOrder("tan", 55, (0.33, 0.23, 0.19), 1.3, **STEEP),
    "hand-tan-15": hand.HandOrder("tan", 15, (0.36, 0.42, 0.42), 1.3, **FLAT),
    "hand-deep-35": hand.HandOrder("deep", 35, (0.56, 0.42, 0.31), 1.8, **SLANT),
    "hand-deep-55": hand.HandOrder("deep", 55, (0.23, 0.19, 0.18), 1.8, **STEEP),
    "hand-deep-15": hand.HandOrder("deep", 15, (0.46, 0.37, 0.33), 1.8, -4.0, **FLAT),
}
EARS = {
    "ear-light": ear.EarOrder("light", {"caucasian": 1.0}, (0.42, 0.36, 0.33)),
    "ear-tan": ear.EarOrder("tan", {"caucasian": 0.6, "asian": 0.4}, (0.22, 0.25, 0.25), 1.1),
    "ear-deep": ear.EarOrder("deep", {"caucasian": 0.5, "african": 0.5}, (0.5, 0.36, 0.25), 1.6),
}
WRISTS = {
    "wrist-light": wrist.WristOrder("light", 24, (0.50, 0.46, 0.42), 1.1),
    "wrist-tan": wrist.WristOrder("tan", 24, (0.34, 0.38, 0.38), 1.3),
    "wrist-deep": wrist.WristOrder("deep", 24, (0.48, 0.38, 0.32), 1.8),
}
RECIPES = ((neck, NECKS), (hand, HANDS), (ear, EARS), (wrist, WRISTS))


def shoot(name: str, data: Path, raw: Path, edge_px: int, samples: int, percent: int) -> None:
    """Render picture and passes of one template into raw/<name>: slow, and kept.

    With `percent` 0 the picture that is there stays and the rest is made anew.
    """
    scene = stage.open_set(samples, ambient=0.16)
    recipe, order = next((recipe, orders[name]) for recipe, orders in RECIPES if name in orders)
    camera, numbers = recipe.set_up(scene, data, order, edge_px)
    folder = raw / name
    folder.mkdir(parents=True, exist_ok=True)
    if percent:
        stage.expose(scene, folder / "picture.png", percent)
    np.savez(folder / "passes.npz", **passes.shoot(scene, camera, folder))
    description = {
        "format": 1,
        "id": name,
        "tone": order.tone,
        "computer_made": True,
        "picture": {"file": "picture.webp", "width_px": edge_px, "height_px": edge_px},
        "camera": {
            "focal_px": round(camera.focal_px, 3),
            "center_px": [edge_px / 2, edge_px / 2],
        },
        **numbers,
    }
    (folder / "numbers.json").write_text(json.dumps(description))


def develop(name: str, raw: Path, out: Path) -> None:
    """Turn raw/<name> into the template out/<name>: quick, may be repeated."""
    description = json.loads((raw / name / "numbers.json").read_text())
    taken = dict(np.load(raw / name / "passes.npz"))
    picture = cv2.imread(str(raw / name / "picture.png"), cv2.IMREAD_UNCHANGED)[..., ::-1]
    edge_px = description["picture"]["width_px"]
    picture = cv2.resize(picture, (edge_px, edge_px), interpolation=cv2.INTER_CUBIC)
    light = np.array(description["light"]["key_direction"], np.float32)
    done = finish.finish(
        picture.astype(np.float32) / 65535 * EXPOSURE[description["tone"]],
        taken,
        description["camera"]["focal_px"],
        light,
        strength=STRENGTH[description["kind"]] * RELIEF[description["tone"]],
        grain=0.013,
    )
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    Image.fromarray((done * 255 + 0.5).astype(np.uint8)).save(
        folder / "picture.webp", quality=94, method=6
    )
    description["passes"] = passes.save(folder, taken)
    text = json.dumps(description, indent=1)
    text = re.sub(r"\[[-\d.,\s]+\]", lambda found: " ".join(found[0].split()), text)
    (folder / "template.json").write_text(text + "\n")
    complexion.work_over(folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--edge", type=int, default=2048)
    parser.add_argument("--samples", type=int, default=14)
    parser.add_argument(
        "--percent", type=int, default=72, help="of the edge that is rendered; 0 keeps the picture"
    )
    parser.add_argument("--develop-only", action="store_true")
    parser.add_argument("--raw", type=Path, required=True, help="kept renders")
    parser.add_argument("names", nargs="+")
    given = parser.parse_args()
    for name in given.names:
        if not given.develop_only:
            shoot(name, given.data, given.raw, given.edge, given.samples, given.percent)
        develop(name, given.raw, given.out)


if __name__ == "__main__":
    main()
