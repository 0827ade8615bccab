"""A matting network: a photo in, how much each pixel belongs to the piece out."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from jewelrymodel.studio.matting_weights import ISNET, U2NETP, Weights, sha256_of
from jewelrymodel.studio.messages import MattingProblem, StudioRefusal

Choice = Literal["auto", "isnet", "u2netp"]
THREADS = 2
_U2_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_U2_STD = np.array([0.229, 0.224, 0.225], np.float32)


class MattingUnavailable(StudioRefusal):
    """No cutout model can serve, a MattingProblem: for the operator to install it again."""

    codes = MattingProblem


@dataclass(frozen=True)
class Matting:
    """A loaded network. `name` and `license_note` say which one serves and what is known of its
    license.
    """

    weights: Weights
    session: Any

    @property
    def name(self) -> str:
        return self.weights.name

    @property
    def license_note(self) -> str:
        return self.weights.license_note

    def alpha(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Alpha of `rgb` (HxWx3), the same height and width, 0 to 1."""
        height, width = rgb.shape[:2]
        edge = self.weights.input_edge_px
        small = cv2.resize(rgb, (edge, edge), interpolation=cv2.INTER_AREA).astype(np.float32)
        name = self.session.get_inputs()[0].name
        batch = self._normalized(small).transpose(2, 0, 1)[None]
        raw = np.asarray(self.session.run(None, {name: batch})[0], np.float32)[0, 0]
        if self.weights is U2NETP:
            raw = (raw - raw.min()) / max(float(np.ptp(raw)), 1e-6)
        full = cv2.resize(raw, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip(full, 0, 1), np.float32)

    def _normalized(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.weights is ISNET:
            return np.asarray((rgb - 128) / 256, np.float32)
        return np.asarray((rgb / 255 - _U2_MEAN) / _U2_STD, np.float32)


def active_weights(models_dir: Path, choice: Choice = "auto") -> Weights | None:
    """The weights that would serve for this choice: ISNet where it is installed, else the small
    model, else None.
    """
    wanted = {"auto": (ISNET, U2NETP), "isnet": (ISNET,), "u2netp": (U2NETP,)}[choice]
    return next((w for w in wanted if w.path(models_dir).is_file()), None)


def load_matting(models_dir: Path, choice: Choice = "auto") -> Matting:
    """The network for this choice; loaded once per process. Raises MattingUnavailable."""
    weights = active_weights(models_dir, choice)
    if weights is None:
        raise MattingUnavailable(MattingProblem.MISSING)
    return Matting(weights, _session(weights.path(models_dir), weights.sha256))


@functools.lru_cache(maxsize=2)
def _session(path: Path, sha256: str) -> Any:
    if sha256_of(path) != sha256:
        raise MattingUnavailable(MattingProblem.DAMAGED)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_cpu_mem_arena = False  # the arena keeps the peak of one photo for ever
    # A thread that waits for another lets go of its core: on a busy machine a photo takes half.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
