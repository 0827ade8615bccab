"""Which matting weights exist, how each is recognized, and what is known of its license.

The provenance behind the notes is in docs/adr/0004-the-operator-chooses-the-matting-model.md.
"""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

Channels = tuple[float, float, float]
Output = Literal["alpha", "stretched", "logits"]


@dataclass(frozen=True)
class Weights:
    """One network's weights: the file with its hash, how it is fed and read, and what to tell the
    operator.

    A pixel's values of 0 to 255 enter as `(value - mean) / std`, channel by channel. Its first
    output is alpha as it is, alpha once it is stretched to 0…1, or logits. `is_cleared` says that
    nothing known stands against commercial use. `file_name` may be a whole path.
    """

    name: str
    file_name: str
    sha256: str
    input_edge_px: int
    mean: Channels
    std: Channels
    output: Output
    license_note: str
    is_cleared: bool

    def path(self, models_dir: Path) -> Path:
        return models_dir / self.file_name

    def is_intact(self, models_dir: Path) -> bool:
        """True when the file is there and is byte for byte the one that we know."""
        path = self.path(models_dir)
        return path.is_file() and sha256_of(path) == self.sha256


ISNET_HALF = Weights(
    name="isnet",
    file_name="isnet-fp16.onnx",
    sha256="b6e8497ba978a6f5fbb647e419d2696cd80df5a23cb6a8ea532021911bd76acb",
    input_edge_px=1024,
    mean=(128, 128, 128),
    std=(256, 256, 256),
    output="alpha",
    license_note=(
        "ISNet, trained by the DIS project; its code is under the Apache license, its data terms"
        " leave commercial use of the"
        " weights unsettled. Clear it for your use, or set MATTING_MODEL=u2netp."
    ),
    is_cleared=False,
)
# The same weights, written out by studio/full_precision.py at set-up.
ISNET = replace(
    ISNET_HALF,
    file_name="isnet-fp32.onnx",
    sha256="f34db29d613a3f9bf0b5363c80e58a91c9a77387e6b990d046b02d2260f7a462",
)
U2NETP = Weights(
    name="u2netp",
    file_name="u2netp.onnx",
    sha256="309c8469258dda742793dce0ebea8e6dd393174f89934733ecc8b14c76f4ddd8",
    input_edge_px=320,
    mean=(123.675, 116.28, 103.53),
    std=(58.395, 57.12, 57.375),
    output="stretched",
    license_note=(
        "U²-Net (small), published under the Apache license 2.0; its training data was collected"
        " for research."
        " The small model: quality is lower, it fills holes and loses fine chains."
    ),
    is_cleared=True,
)


def default_models_dir() -> Path:
    """Where set-up puts weights: MODELS_DIR, else the user's cache folder."""
    named = os.environ.get("MODELS_DIR")
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(named) if named else Path(cache) / "jewelrymodel" / "models"


def sha256_of(path: Path) -> str:
    """The file's SHA-256 as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
