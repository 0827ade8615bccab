"""A service under test asks the cutout network once for the same picture: its answers are kept.

Stories send the same few photos again and again, and an answer takes four seconds of a processor.
The same input gives the same answer, bit for bit, so no test sees a difference; those of the
network itself ask the real one.
"""

import fcntl
import functools
import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from django.apps import AppConfig
from numpy.typing import NDArray

from jewelrymodel.studio import matting
from tests.support.tree import ROOT

_ANSWERS = ROOT / ".pytest_cache" / "answers"


class KeptSession:
    """Answers like a session of onnxruntime, which is opened when a new picture comes."""

    def __init__(self, folder: Path, opened: Callable[[], Any]) -> None:
        self._folder, self._opened = folder, opened

    @cached_property
    def _real(self) -> Any:
        return self._opened()

    def get_inputs(self) -> Sequence[Any]:
        """One picture, of a size that isn't named: the weights' own description has it."""
        return [type("Input", (), {"name": "picture", "shape": [1, 3, "height", "width"]})()]

    def get_outputs(self) -> Sequence[Any]:
        """The first output."""
        return [type("Output", (), {"name": "matte"})()]

    def run(self, _outputs: object, feed: dict[str, NDArray[np.float32]]) -> list[Any]:
        """The network's first output for the picture (1x3xNxN)."""
        (picture,) = feed.values()
        path = self._folder / f"{hashlib.sha256(picture.tobytes()).hexdigest()[:32]}.npy"
        if not path.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            with path.with_suffix(".lock").open("w") as lock:  # another may be at this picture
                fcntl.flock(lock, fcntl.LOCK_EX)
                if not path.is_file():
                    self._ask(picture, path)
        return [np.load(path)]

    def _ask(self, picture: NDArray[np.float32], path: Path) -> None:
        taken, given = self._real.get_inputs()[0].name, self._real.get_outputs()[0].name
        part = path.with_suffix(f".{os.getpid()}.npy")
        np.save(part, self._real.run([given], {taken: picture})[0])
        part.replace(path)


class KeptNetwork(AppConfig):
    """Puts the answers before every network that this process loads."""

    name = "tests.support.kept_network"

    def ready(self) -> None:
        """Replace what opens a network; its weights name the answers."""
        open_session = matting._session

        @functools.lru_cache(maxsize=2)
        def kept(path: Path, sha256: str) -> Any:
            folder = _ANSWERS / f"{version('onnxruntime')}-{sha256[:12]}"
            return KeptSession(folder, lambda: open_session(path, sha256))

        matting._session = kept
