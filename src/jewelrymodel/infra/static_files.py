"""Static files under names that change with their content, so that a browser may keep them."""

import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = r"""(?P<matched>(?P<what>import\s*\{[^}]*\})\s*from\s*"(?P<url>\.\.?/[^"]+)";)"""


OURS = ("js", "library", "studio")
"""The folders of our own scripts, and all below them."""

JOINED = "all.css"
"""The style sheet that imports what every page has."""
_IMPORTED = re.compile(r'@import url\("([^"]+)"\);')


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it ships no types
    """As WhiteNoise stores them; our scripts name the modules that they import by those names too.

    Otherwise a page would run a new script with modules that its browser kept from before. Django's
    own switch for this reads every library's scripts as well, and finds imports in their comments.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((f"{folder}/*.js", ((IMPORTS, '%(what)s from "%(url)s";'),)) for folder in OURS),
    )

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool]]:
        """Put what every page has into one file, then do what WhiteNoise does; yields as that."""
        if not dry_run and JOINED in paths:
            parts = map(partial(_text, paths), _IMPORTED.findall(_text(paths, JOINED)))
            joined = "\n".join(parts).encode()
            self.delete(JOINED)
            self.save(JOINED, ContentFile(joined))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run, **options)


def _text(paths: dict[str, tuple[Any, str]], name: str) -> str:
    storage, path = paths[name]
    with storage.open(path) as file:
        return bytes(file.read()).decode()
