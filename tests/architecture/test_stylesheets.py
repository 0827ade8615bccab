"""A stylesheet holds no class that no page has."""

import re

from tests.support.tree import SOURCE

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTORS = re.compile(r"([^{}]+)\{")
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
FILLED_IN = re.compile(r"([\w-]+--)\{\{")
"""A class whose variant the page fills in, ``badge--{{ kind }}``."""


def test_every_class_of_a_stylesheet_is_on_a_page() -> None:
    used = "\n".join(
        path.read_text("utf-8")
        for pattern in ("*.html", "*.js", "*.py")
        for path in SOURCE.rglob(pattern)
    )
    names = set(re.findall(r"[a-zA-Z][\w-]*", used))
    variants = tuple(FILLED_IN.findall(used))
    unused = {
        f"{sheet.name}: .{name}"
        for sheet in SOURCE.rglob("*.css")
        for selectors in SELECTORS.findall(COMMENT.sub("", sheet.read_text("utf-8")))
        for name in CLASS.findall(selectors)
        if name not in names and not name.startswith(variants)
    }
    assert not unused
