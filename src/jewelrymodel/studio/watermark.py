"""The free preview: small, and marked so that nobody takes it for the finished picture."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from jewelrymodel.studio.arrays import Bytes

PREVIEW_EDGE_PX = 480
_WORD = "PREVIEW"


def preview(image: Bytes, edge_px: int = PREVIEW_EDGE_PX) -> Bytes:
    """`image` with its longer edge at `edge_px` and the word PREVIEW across it."""
    small = Image.fromarray(image)
    small.thumbnail((edge_px, edge_px), Image.Resampling.LANCZOS)
    layer = Image.new("RGBA", (edge_px * 2, edge_px * 2), (255, 255, 255, 0))
    draw = ImageDraw.Draw(layer)
    font = ImageFont.load_default(size=edge_px // 14)
    step = edge_px // 4
    for row, y in enumerate(range(0, edge_px * 2, step)):
        for x in range(-step * (row % 2), edge_px * 2, step * 2):
            draw.text((x + 1, y + 1), _WORD, fill=(0, 0, 0, 70), font=font)
            draw.text((x, y), _WORD, fill=(255, 255, 255, 110), font=font)
    turned = layer.rotate(30, resample=Image.Resampling.BICUBIC)
    left, top = (layer.width - small.width) // 2, (layer.height - small.height) // 2
    marks = turned.crop((left, top, left + small.width, top + small.height))
    return np.asarray(Image.alpha_composite(small.convert("RGBA"), marks).convert("RGB"))
