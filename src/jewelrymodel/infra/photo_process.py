"""Opens uploads in a process of its own: ``python -m jewelrymodel.infra.photo_process``.

Asked over standard input and answered over standard output, one upload after the other, until the
asker is gone. What was sent may be made to take memory or time, or to break a decoder: here it
meets nobody else's memory, no secret, no database, and no file that it could write.

Asked: 8 bytes, the upload's length; 4 bytes, the longest side that a whole photo keeps; the upload.
Answered: 4 bytes, a head's length; the head, JSON; the pixels; the whole photo as a JPEG.
"""

import io
import json
import resource
import struct
import sys
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from jewelrymodel.studio.messages import PhotoProblem
from jewelrymodel.studio.photo import PhotoRefused, open_photo
from jewelrymodel.studio.spare_memory import give_back_spare_memory

ASKED = struct.Struct(">QI")
ANSWERED = struct.Struct(">I")
MEMORY_BYTES = 3_000_000_000
"""Of addresses, the libraries' included. The largest that we take, fifty megapixels, needs half."""
PROCESSOR_S = 30
"""For one upload; the largest takes a fifth."""


def main() -> None:
    """Answer until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    asks, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := asks.read(ASKED.size):
        size, longest_px = ASKED.unpack(head)
        _allow_more_time()
        _write(answers, *answer(asks.read(size), longest_px=longest_px))
        give_back_spare_memory()


def answer(data: bytes, *, longest_px: int) -> tuple[dict[str, Any], bytes, bytes]:
    """Return the head of the answer for an upload, its pixels, and its whole photo's JPEG."""
    try:
        photo = open_photo(data)
        whole = b"" if photo.whole is None else _jpeg(photo.whole, longest_px)
        rgb = photo.rgb
    except PhotoRefused as refused:
        return {"refused": refused.message.stored}, b"", b""
    except MemoryError:
        return {"refused": {"code": PhotoProblem.TOO_COSTLY.value, "parameters": {}}}, b"", b""
    head = {
        "height_px": rgb.shape[0],
        "width_px": rgb.shape[1],
        "whole_bytes": len(whole),
        "notes": [note.stored for note in photo.notes],
    }
    return head, rgb.tobytes(), whole


def _jpeg(pixels: NDArray[np.uint8], longest_px: int) -> bytes:
    """A JPEG from which an eye tells no difference."""
    image = Image.fromarray(pixels)
    image.thumbnail((longest_px, longest_px), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def _allow_more_time() -> None:
    """Let the kernel end us once we worked on this upload for PROCESSOR_S."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    at_most = int(used.ru_utime + used.ru_stime) + 1 + PROCESSOR_S
    resource.setrlimit(resource.RLIMIT_CPU, (at_most, resource.RLIM_INFINITY))


def _write(answers: BinaryIO, head: dict[str, Any], pixels: bytes, whole: bytes) -> None:
    words = json.dumps(head).encode()
    for part in (ANSWERED.pack(len(words)), words, pixels, whole):
        answers.write(part)
    answers.flush()


if __name__ == "__main__":
    main()
