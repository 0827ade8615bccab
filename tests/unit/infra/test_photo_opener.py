"""Uploads are opened outside of our own memory, and whatever one does harms no other."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from jewelrymodel.infra import photo_opener, photo_process
from jewelrymodel.infra.photo_opener import MAX_WHOLE_PX, open_upload
from jewelrymodel.studio.messages import PhotoNote, PhotoProblem
from jewelrymodel.studio.photo import PhotoRefused, open_photo
from tests.support.tree import SOURCE

_TIGHT = """
from jewelrymodel.infra import photo_process
photo_process.MEMORY_BYTES = {bytes}
photo_process.main()
"""


def file(*size: int, fmt: str = "PNG", **options: object) -> bytes:
    image = Image.new("RGB", size, (200, 160, 40))
    image.putpixel((0, 0), (1, 2, 3))
    out = io.BytesIO()
    image.save(out, fmt, **options)
    return out.getvalue()


@pytest.fixture
def openers(monkeypatch: pytest.MonkeyPatch) -> Iterator[photo_opener._Openers]:
    """Those of one test alone."""
    ours = photo_opener._Openers()
    monkeypatch.setattr(photo_opener, "_OPENERS", ours)
    yield ours
    ours.close()


def test_it_gives_what_the_studio_reads(openers: photo_opener._Openers) -> None:
    for data in (file(400, 300, fmt="JPEG"), file(2400, 40)):
        given, read = open_upload(data), open_photo(data)
        assert np.array_equal(given.rgb, read.rgb)
        assert given.notes == read.notes
        assert bool(given.whole_jpeg) is (read.whole is not None)
    assert given.notes[-1].code is PhotoNote.REDUCED
    assert Image.open(io.BytesIO(given.whole_jpeg)).size == (2400, 40)
    assert MAX_WHOLE_PX > 2400


def test_a_refusal_comes_with_its_values_and_ends_nothing(openers: photo_opener._Openers) -> None:
    with pytest.raises(PhotoRefused) as refused:
        open_upload(file(100, 80))
    assert refused.value.code == PhotoProblem.TOO_SMALL
    assert refused.value.params["width_px"] == 100
    (first,) = openers.idle
    for data in (b"", b"no picture", file(400, 300)[:900]):
        with pytest.raises(PhotoRefused):
            open_upload(data)
    assert openers.idle == [first]


def test_an_upload_that_ends_the_process_is_refused_and_the_next_is_opened(
    openers: photo_opener._Openers,
) -> None:
    open_upload(file(400, 300))
    (first,) = openers.idle
    first.process.kill()
    first.process.wait()
    with pytest.raises(PhotoRefused) as refused:
        open_upload(file(400, 300))
    assert refused.value.code == PhotoProblem.TOO_COSTLY
    assert open_upload(file(400, 300)).rgb.shape == (300, 400, 3)
    assert first not in openers.idle


def test_what_needs_more_memory_than_allowed_is_refused() -> None:
    """Sixteen bits of gray: kilobytes as a file, hundreds of megabytes on the way to eight."""
    out = io.BytesIO()
    Image.fromarray(np.full((3000, 3000), 30_000, np.uint16)).save(out, "PNG", compress_level=1)
    asked = photo_process.ASKED.pack(len(out.getvalue()), MAX_WHOLE_PX) + out.getvalue()
    command = [sys.executable, "-c", _TIGHT.format(bytes=300_000_000)]
    done = subprocess.run(command, input=asked, capture_output=True, check=True)
    assert PhotoProblem.TOO_COSTLY.value.encode() in done.stdout, done.stderr


def test_what_was_sent_meets_no_secret(
    openers: photo_opener._Openers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "of the service")
    open_upload(file(400, 300))
    (one,) = openers.idle
    environment = Path(f"/proc/{one.process.pid}/environ").read_bytes()
    assert b"PATH=" in environment
    assert b"of the service" not in environment


def test_nobody_else_opens_what_strangers_send() -> None:
    """But the command line, a picture that its own user names."""
    reads = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if re.search(r"import .*\bopen_photo\b", path.read_text())
    }
    assert reads == {"infra/photo_process.py", "studio/pipeline.py"}
