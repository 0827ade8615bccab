"""Static files under names that change with their content, so that a browser may keep them."""

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = r"""(?P<matched>(?P<what>import\s*\{[^}]*\})\s*from\s*"(?P<url>\./[^"]+)";)"""


OURS = ("js", "library", "studio")
"""The folders of our own scripts, and all below them."""

SHARED, JOINED = (
    ("tokens.css", "base.css", "components.css", "pictures.css", "shell.css"),
    "all.css",
)
"""The style sheets that every page has, in their order, and the one file they are sent as: a phone
waits for each of them before it paints anything.
"""


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
        """Join what every page has, then do what WhiteNoise does; yields as that."""
        if not dry_run and all(name in paths for name in SHARED):
            parts = []
            for storage, path in map(paths.__getitem__, SHARED):
                with storage.open(path) as sheet:
                    parts.append(sheet.read())
            self.delete(JOINED)
            self.save(JOINED, ContentFile(b"\n".join(parts)))
            paths[JOINED] = (self, JOINED)
        yield from super().post_process(paths, dry_run, **options)
