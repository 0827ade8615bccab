"""The catalogs of what readers see: gather its sentences, and compile what is translated.

``python tools/messages.py gather`` writes the sentences of the source into every catalog under
``src/jewelrymodel/locale``; a translation whose sentence is gone goes too. ``… compile`` makes of
each the file that the service reads. What only our own staff reads stays English, so it isn't
gathered.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE = Path(__file__).resolve().parent.parent / "src" / "jewelrymodel"
LOCALE = SOURCE / "locale"
FOR_STAFF = (
    *("config/", "demo/", "sandbox/", "web/desk/", "web/templates/desk"),
    "web/templatetags/failures.py",
)
"""Read by our own staff, or by operators on a terminal: in English only."""
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def main(act: str) -> int:
    """Do *act*, "gather" or "compile"; 0 when it is done, 2 for an act that there isn't."""
    if act == "gather":
        sentences = gathered()
        for path in catalogs():
            update(path, sentences)
    elif act == "compile":
        for path in catalogs():
            path.with_suffix(".mo").write_bytes(compiled(path))
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


def catalogs() -> list[Path]:
    """Return the catalog of every language that has one."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def gathered() -> Catalog:
    """Return every sentence of the source that a customer may read, with the files that say it."""
    catalog = Catalog()
    for path in sources():
        where = path.relative_to(SOURCE).as_posix()
        for message, context in sentences_of(path):
            catalog.add(message, locations=[(where, 0)], context=context)
    return catalog


def sources() -> Iterator[Path]:
    """Return the modules and templates whose sentences customers read, in order."""
    for path in sorted(SOURCE.rglob("*")):
        where = path.relative_to(SOURCE).as_posix()
        is_source = path.suffix == ".py" or (
            "templates/" in where and path.suffix in (".html", ".txt")
        )
        if is_source and not where.startswith(FOR_STAFF):
            yield path


def sentences_of(path: Path) -> Iterator[tuple[str | tuple[str, ...], str | None]]:
    """Return the sentences of a module or template, each with its context or None."""
    text = path.read_text()
    if path.suffix != ".py":
        settings.configured or settings.configure()
        lines = templatize(text, origin=str(path)).splitlines()
        text = "\n".join(line.strip() for line in lines)  # indentation would mean something
    for _, message, _, context in extract("python", io.BytesIO(text.encode()), KEYWORDS):
        if message:
            yield message, context


def update(path: Path, sentences: Catalog) -> None:
    """Write *sentences* into the catalog at *path*; what was translated stays."""
    catalog = read(path)
    catalog.update(sentences, no_fuzzy_matching=True, update_header_comment=False)
    catalog.obsolete.clear()
    path.write_bytes(written(catalog))


def read(path: Path) -> Catalog:
    """Return the catalog at *path*."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain="django")


def written(catalog: Catalog) -> bytes:
    """Return a catalog as its file has it: in order of the files, without lines or dates."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, sort_by_file=True, omit_header=True)
    header = (
        f'msgid ""\nmsgstr ""\n"Language: {catalog.locale}\\n"\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return header.encode() + file.getvalue()


def compiled(path: Path) -> bytes:
    """Return the catalog at *path* as the service reads it."""
    file = io.BytesIO()
    write_mo(file, read(path))
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
