"""A matting network: a photo in, how much each pixel belongs to the piece out."""

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from jewelrymodel.studio.matting_choice import AUTO, NotDescribed, active_weights
from jewelrymodel.studio.matting_weights import Weights, sha256_of
from jewelrymodel.studio.messages import MattingProblem, StudioRefusal
from jewelrymodel.studio.spare_memory import give_back_spare_memory

THREADS = 2


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
        raw = self._alpha_of(self._answer(self._normalized(small).transpose(2, 0, 1)[None]))
        full = cv2.resize(raw, (width, height), interpolation=cv2.INTER_CUBIC)
        return np.asarray(np.clip(full, 0, 1), np.float32)

    def _answer(self, batch: NDArray[np.float32]) -> NDArray[np.float32]:
        """The network's first output, NxN."""
        taken, given = self.session.get_inputs()[0].name, self.session.get_outputs()[0].name
        answer = np.asarray(self.session.run([given], {taken: batch})[0], np.float32)
        give_back_spare_memory()
        return np.asarray(answer[0, 0])

    def _normalized(self, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
        mean = np.array(self.weights.mean, np.float32)
        return np.asarray((rgb - mean) / np.array(self.weights.std, np.float32), np.float32)

    def _alpha_of(self, raw: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.weights.output == "logits":
            # The logistic function, in a form that does not overflow.
            return np.asarray(0.5 * (1 + np.tanh(raw / 2)), np.float32)
        if self.weights.output == "stretched":
            return np.asarray((raw - raw.min()) / max(float(np.ptp(raw)), 1e-6), np.float32)
        return raw


def load_matting(models_dir: Path, choice: str = AUTO) -> Matting:
    """The network for this choice; loaded once per process. Raises MattingUnavailable."""
    try:
        weights = active_weights(models_dir, choice)
    except NotDescribed:
        raise MattingUnavailable(MattingProblem.NOT_DESCRIBED) from None
    if weights is None:
        raise MattingUnavailable(MattingProblem.MISSING)
    session = _session(weights.path(models_dir), weights.sha256)
    if not _fits(session, weights.input_edge_px):
        raise MattingUnavailable(MattingProblem.NOT_LOADABLE)
    return Matting(weights, session)


def _fits(session: Any, edge: int) -> bool:
    """Whether a network takes one RGB picture of this edge, where it names its size at all."""
    inputs = session.get_inputs()
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        return False
    named = zip(inputs[0].shape, (1, 3, edge, edge), strict=True)
    return all(one == wanted for one, wanted in named if isinstance(one, int))


@functools.lru_cache(maxsize=2)
def _session(path: Path, sha256: str) -> Any:
    if sha256_of(path) != sha256:
        raise MattingUnavailable(MattingProblem.DAMAGED)
    import onnxruntime  # slow to load: only where a network is
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    unloadable = (
        state.Fail,
        state.InvalidArgument,
        state.InvalidGraph,
        state.InvalidProtobuf,
        state.NotImplemented,
    )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.enable_cpu_mem_arena = False  # the arena keeps the peak of one photo for ever
    # A thread that waits for another lets go of its core: on a busy machine a photo takes half.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except unloadable:
        raise MattingUnavailable(MattingProblem.NOT_LOADABLE) from None
    give_back_spare_memory()
    return session
