"""The networks that look for people in a picture: their files, and how each answers.

NudeNet's detector (a small YOLOv8 of 18 classes) sees faces and parts of bodies. MediaPipe's palm
detector finds palms, and its hand network says how surely a turned cut holds a hand (Zhang et al.
2020, "MediaPipe Hands: On-device Real-time Hand Tracking"). All three come inside packages; where
from, and under which license, is in docs/adr/0032-a-person-in-a-scene-is-refused.md.
"""

import functools
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.studio.arrays import Floats
from jewelrymodel.studio.matting_weights import sha256_of

BODY_PX, PALM_PX, HAND_PX = 320, 192, 224


@dataclass(frozen=True)
class NetworkFile:
    """One network's file with its hash, as it lies in the folder of models."""

    name: str
    file_name: str
    sha256: str

    def path(self, models_dir: Path) -> Path:
        return models_dir / self.file_name

    def is_intact(self, models_dir: Path) -> bool:
        """True when the file is there and is byte for byte the one that we know."""
        path = self.path(models_dir)
        return path.is_file() and sha256_of(path) == self.sha256


BODIES = NetworkFile(
    "nudenet-320n",
    "nudenet-320n.onnx",
    "c15d8273adad2d0a92f014cc69ab2d6c311a06777a55545f2c4eb46f51911f0f",
)
PALMS = NetworkFile(
    "mediapipe-palm-full",
    "palm-detection-full.tflite",
    "1b14e9422c6ad006cde6581a46c8b90dd573c07ab7f3934b5589e7cea3f89a54",
)
HANDS = NetworkFile(
    "mediapipe-hand-full",
    "hand-landmark-full.tflite",
    "11c272b891e1a99ab034208e23937a8008388cf11ed2a9d776ed3d01d0ba00e3",
)
FILES = (BODIES, PALMS, HANDS)


class PeopleUnavailable(CodedError):
    """A network that looks for people is missing or damaged: *file* is its name."""


@dataclass(frozen=True)
class PeopleNetworks:
    """The three networks, loaded. Safe in threads: OpenCV's keep their last input."""

    bodies: Any
    palms: Any
    hands: Any
    turn: threading.Lock

    def bodies_in(self, batch: Floats) -> Floats:
        """Boxes by rows (N x 22: middle, size, then how sure each of 18 classes is) in an RGB
        picture (1x3x320x320, 0 to 1).
        """
        answer = self.bodies.run(None, {self.bodies.get_inputs()[0].name: batch})[0]
        return np.asarray(answer[0].T, np.float32)

    def palms_in(self, batch: Floats) -> tuple[Floats, Floats]:
        """How sure each of 2,016 anchors is (a logit), and its box and seven points (N x 18, in
        pixels from the anchor), in an RGB picture (1x3x192x192, 0 to 1).
        """
        with self.turn:
            self.palms.setInput(batch)
            sure, boxes = self.palms.forward(["Identity_1", "Identity"])
            return np.asarray(sure, np.float32).ravel(), np.array(boxes, np.float32).reshape(-1, 18)

    def hand_in(self, batch: Floats) -> float:
        """How sure it is, 0 to 1, that an RGB picture (1x3x224x224, 0 to 1) is of a hand."""
        with self.turn:
            self.hands.setInput(batch)
            return float(self.hands.forward(["Identity_1"])[0].ravel()[0])


def are_installed(models_dir: Path) -> bool:
    """Whether all three files are there and are those that we know; each is read once, until it
    changes.
    """
    return all(_is_known(one, one.path(models_dir)) for one in FILES)


def _is_known(file: NetworkFile, path: Path) -> bool:
    try:
        found = path.stat()
    except OSError:
        return False
    return _sha256(path, found.st_mtime_ns, found.st_size) == file.sha256


@functools.lru_cache(maxsize=16)
def _sha256(path: Path, _changed_ns: int, _size: int) -> str:
    return sha256_of(path)


def load_people_networks(models_dir: Path) -> PeopleNetworks:
    """The networks of this folder, loaded once per process. Raises PeopleUnavailable."""
    return _loaded(models_dir)


@functools.lru_cache(maxsize=1)
def _loaded(models_dir: Path) -> PeopleNetworks:
    for one in FILES:
        if not one.is_intact(models_dir):
            raise PeopleUnavailable(file=one.file_name)
    import onnxruntime  # slow to load: only where a scene is looked at

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    bodies = onnxruntime.InferenceSession(
        str(BODIES.path(models_dir)), options, providers=["CPUExecutionProvider"]
    )
    palms, hands = (_tflite(one.path(models_dir)) for one in (PALMS, HANDS))
    return PeopleNetworks(bodies, palms, hands, threading.Lock())


def _tflite(path: Path) -> Any:
    """A network of TensorFlow Lite, by the older engine: the newer gives its last output only."""
    return cv2.dnn.readNetFromTFLite(str(path), cv2.dnn.ENGINE_CLASSIC)
