"""A stored file is whole or absent, whatever happens while it is written."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from jewelrymodel.infra.whole_files import WholeFiles, is_partial


class Torn(ContentFile):  # type: ignore[type-arg]
    """A file whose second half can't be read."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"half of it"
        raise OSError("the disk is full")


@pytest.fixture
def files(tmp_path: Path) -> WholeFiles:
    return WholeFiles(location=tmp_path)


def test_a_write_that_breaks_leaves_nothing(files: WholeFiles, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"):
        files.save("photos/a/ring.png", Torn(b""))
    assert not files.exists("photos/a/ring.png")
    assert list((tmp_path / "photos" / "a").iterdir()) == []


def test_nothing_stands_under_its_name_before_it_is_whole(files: WholeFiles) -> None:
    seen: list[bool] = []

    class Slow(ContentFile):  # type: ignore[type-arg]
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            yield b"first"
            seen.append(files.exists("a"))
            seen.extend(is_partial(one) for one in Path(files.location).iterdir())
            yield b" last"

    assert files.save("a", Slow(b"")) == "a"
    assert seen == [False, True]
    with files.open("a") as kept:
        assert kept.read() == b"first last"


def test_what_is_there_is_never_replaced(files: WholeFiles) -> None:
    files.save("a", ContentFile(b"one"))
    with pytest.raises(FileExistsError):
        files.save("a", ContentFile(b"two"))
    with files.open("a") as kept:
        assert kept.read() == b"one"


def test_no_other_user_of_the_machine_reads_it(files: WholeFiles, tmp_path: Path) -> None:
    former = os.umask(0o022)
    try:
        files.save("photos/a/ring.png", ContentFile(b"pixels"))
    finally:
        os.umask(former)
    stored = tmp_path / "photos" / "a" / "ring.png"
    assert (stored.stat().st_mode & 0o777, stored.parent.stat().st_mode & 0o777) == (0o600, 0o700)
