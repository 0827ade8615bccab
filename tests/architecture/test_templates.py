"""Every template that is included, extended or rendered is there."""

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "src/jewelrymodel"
NAMED = re.compile(
    r"(?:include|extends) \"([^\"{]+)\"|(?:render\(\w+,|template_name =|render_to_string\()\s*"
    r"\"([^\"]+\.(?:html|txt))\""
)


def test_each_template_that_is_named_is_there() -> None:
    files = [file for file in PACKAGE.rglob("*") if file.suffix in {".html", ".txt", ".py"}]
    there = {str(file).split("/templates/", 1)[1] for file in files if "/templates/" in str(file)}
    named = {
        (one or other, str(file.relative_to(PACKAGE)))
        for file in files
        for one, other in NAMED.findall(file.read_text("utf-8"))
    }
    assert len(named) > 100
    assert {(name, file) for name, file in named if name not in there} == set()


HIDDEN = re.compile(r'class="visually-hidden"[^>]*>\s*([^\w\s({<])')


def test_what_only_readers_aloud_get_begins_with_no_mark() -> None:
    """A hidden part counts as a word of its own: ": ring" is read "Correct : ring"."""
    marks = {
        (mark, str(file.relative_to(PACKAGE)))
        for file in PACKAGE.rglob("*.html")
        for mark in HIDDEN.findall(file.read_text("utf-8"))
    }
    scripts = [
        file for file in PACKAGE.rglob("static/**/*.js") if "`: $" in file.read_text("utf-8")
    ]
    assert marks == set()
    assert scripts == []
