"""An archive that is written while it is sent: it is never stored, and never in memory whole."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Member:
    """A file of an archive: its name, and what makes its bytes when its turn comes."""

    name: str
    content: Callable[[], bytes]


class _Sink(io.RawIOBase):
    """What an archive is written to as it is sent: nothing can be looked up in it again."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Return what was written since this was asked last."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


def archive_of(members: Iterable[Member], texts: Mapping[str, str]) -> Iterator[bytes]:
    """Return the bytes of an archive of *members*, stored as they are, and of *texts* by the names
    of their files: any number of members takes the memory of one. What making a member raises
    breaks the archive off, so that nobody takes it for whole.
    """
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.writestr(member.name, member.content(), zipfile.ZIP_STORED)
            yield sink.taken()
        for name, text in texts.items():
            archive.writestr(name, text.encode("utf-8"))
    yield sink.taken()
