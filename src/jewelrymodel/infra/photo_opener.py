"""Opening strangers' uploads outside of our own memory: a few processes, asked in turn."""

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jewelrymodel.infra.photo_process import ANSWERED, ASKED
from jewelrymodel.studio.messages import Message, PhotoNote, PhotoProblem
from jewelrymodel.studio.photo import MAX_BYTES, PhotoRefused

AT_ONCE = 2
"""How many uploads one process of ours has opened at once; the others wait their turn."""
MAX_WHOLE_PX = 6000  # a piece that fills two thirds of such a photo fills a packshot
WAIT_S = 180
"""For an answer, by the clock: the process's own limit counts its work only."""
_PASSED_ON = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "SYSTEMROOT")
_MODULE = "jewelrymodel.infra.photo_process"


@dataclass(frozen=True)
class OpenedPhoto:
    """An upload's upright sRGB pixels (HxWx3), what was done to get there, and the whole photo as a
    JPEG, b"" where `rgb` is as large as the file.
    """

    rgb: NDArray[np.uint8]
    notes: tuple[Message, ...]
    whole_jpeg: bytes


class _Opener:
    """One process that opens uploads."""

    def __init__(self) -> None:
        few_threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=passed_on | few_threads,
        )

    def ask(self, data: bytes) -> OpenedPhoto:
        """Return what is in *data*; raises PhotoRefused, and OSError or ValueError where the
        process ended over it.
        """
        asks, answers = self.process.stdin, self.process.stdout
        assert asks is not None  # noqa: S101  we asked for both pipes
        assert answers is not None  # noqa: S101
        clock = threading.Timer(WAIT_S, self.process.kill)
        clock.start()
        try:
            asks.write(ASKED.pack(len(data), MAX_WHOLE_PX) + data)
            asks.flush()
            size = ANSWERED.unpack(_exactly(answers, ANSWERED.size))[0]
            head = json.loads(_exactly(answers, size))
            if "refused" in head:
                raise _refusal(head["refused"])
            shape = (int(head["height_px"]), int(head["width_px"]), 3)
            pixels = np.frombuffer(_exactly(answers, shape[0] * shape[1] * 3), np.uint8)
            whole = _exactly(answers, head["whole_bytes"])
        finally:
            clock.cancel()
        notes = tuple(Message(PhotoNote(one["code"]), one["parameters"]) for one in head["notes"])
        return OpenedPhoto(pixels.reshape(shape), notes, whole)

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            with suppress(OSError):  # what it was never told is still to be written
                if pipe:
                    pipe.close()
        self.process.wait()


class _Openers:
    """Those that nobody asks now. They are started when they are needed, and kept."""

    def __init__(self) -> None:
        self.idle: list[_Opener] = []
        self.places = threading.BoundedSemaphore(AT_ONCE)

    @contextmanager
    def one(self) -> Iterator[_Opener]:
        """Give one for the block; it is kept unless the block ends in anything but a refusal."""
        with self.places:
            try:
                opener = self.idle.pop()
            except IndexError:
                opener = _Opener()
            try:
                yield opener
            except PhotoRefused:
                self.idle.append(opener)
                raise
            except BaseException:
                opener.close()
                raise
            self.idle.append(opener)

    def close(self) -> None:
        """End all that nobody asks now."""
        while self.idle:
            self.idle.pop().close()


_OPENERS = _Openers()
atexit.register(_OPENERS.close)


def open_upload(data: bytes) -> OpenedPhoto:
    """Decode an upload in another process, under limits of memory, time and number.

    Raises PhotoRefused, with TOO_COSTLY where the upload ended that process; nothing else is lost.
    """
    if len(data) > MAX_BYTES:
        raise PhotoRefused(PhotoProblem.TOO_HEAVY, megabytes=MAX_BYTES // 1_000_000)
    try:
        with _OPENERS.one() as opener:
            return opener.ask(data)
    except (OSError, ValueError, EOFError):
        raise PhotoRefused(PhotoProblem.TOO_COSTLY) from None


def _refusal(kept: dict[str, Any]) -> PhotoRefused:
    return PhotoRefused(PhotoProblem(kept["code"]), **kept["parameters"])


def _exactly(file: Any, size: int) -> bytes:
    read: bytes = file.read(size)
    if len(read) != size:
        raise EOFError
    return read
