"""Static files under names that change with their content, so that a browser may keep them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS = r"""(?P<matched>(?P<what>import\s*\{[^}]*\})\s*from\s*"(?P<url>\./[^"]+)";)"""


OURS = ("js", "library", "studio")
"""The folders of our own scripts, and all below them."""


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # it ships no types
    """As WhiteNoise stores them; our scripts name the modules that they import by those names too.

    Otherwise a page would run a new script with modules that its browser kept from before. Django's
    own switch for this reads every library's scripts as well, and finds imports in their comments.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((f"{folder}/*.js", ((IMPORTS, '%(what)s from "%(url)s";'),)) for folder in OURS),
    )
