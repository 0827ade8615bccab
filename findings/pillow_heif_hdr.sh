#!/bin/sh
# Finding: an HDR photo (HEIC, PQ) opened through pillow-heif comes out gray and dim, without a word.
#
# One would guess:  `Image.open` of an HDR photo gives a picture as a viewer shows it (tone-mapped), or
#                   refuses, or at least leaves the samples at ten bits.
# Seen:             the ten bits are cut to eight and handed out as mode RGB: diffuse white (203 cd/m²,
#                   what a viewer shows as white) is 148 of 255. `info["nclx_profile"]` says PQ, but
#                   nothing else does, and whoever saves the picture on as sRGB keeps 148.
# Version:          pillow-heif 1.8.1 (libheif 1.23.6), Pillow 13.0.0, Python 3.11.
# Whom it hurts:    shops that take phone photos: paper white turns gray, gold turns brown, and a
#                   comparison of colors says that nothing was lost.
# Source:           ITU-R BT.2100 (PQ), BT.2408 (203 cd/m² for diffuse white); libheif converts bits, not
#                   light.
# Exit status:      0 while it is so, 1 once it has changed: then look at src/jewelrymodel/studio/photo.py
#                   again, which reads the transfer itself. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pillow-heif==1.8.1 pillow==13.0.0
"$folder/venv/bin/python" - <<'PYTHON'
import io
import struct
import sys

import PIL
import pillow_heif
from PIL import Image

BT_2020, PQ = 9, 16
DIFFUSE_WHITE = 203  # cd/m²
EDGE = 64


def perceptual_quantizer(luminance):
    """The signal (0 to 1) of a luminance in cd/m², by BT.2100."""
    power = (luminance / 10000) ** (2610 / 16384)
    return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)


pillow_heif.register_heif_opener()
sample = struct.pack("<H", round(65535 * perceptual_quantizer(DIFFUSE_WHITE)))
photo = pillow_heif.from_bytes(mode="RGB;16", size=(EDGE, EDGE), data=sample * 3 * EDGE * EDGE)
file = io.BytesIO()
photo.save(
    file, quality=-1, chroma=444, color_primaries=BT_2020, transfer_characteristics=PQ,
    matrix_coefficients=BT_2020, full_range_flag=1,
)
opened = Image.open(io.BytesIO(file.getvalue()))
shown = opened.getpixel((EDGE // 2, EDGE // 2))
said = opened.info["nclx_profile"]["transfer_characteristics"]
print(
    f"pillow-heif {pillow_heif.__version__}, Pillow {PIL.__version__}: mode {opened.mode}, "
    f"diffuse white is {shown}, transfer {said}, {opened.info['bit_depth']} bits in the file"
)
is_so = opened.mode == "RGB" and said == PQ and all(abs(value - 148) <= 1 for value in shown)
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
