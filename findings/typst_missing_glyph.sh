#!/bin/sh
# Finding: typst writes a PDF whose customer's name is missing, and says nothing.
#
# One would guess:  a character that no font has is an error, or at least among the warnings that
#                   `compile_with_warnings` returns, as an unknown font's name is.
# Seen:             no warning, a PDF as usual. On the page stand boxes, and its text layer holds
#                   U+0000 for each such character: who copies or searches the name finds nothing.
#                   Only with a standard that needs text to be readable (`pdf_standards="a-2b"` or
#                   "ua-1") is it an error, which names the character and the font.
# Version:          typst 0.15.2 (Python bindings), fonts that it ships, none of the system.
# Whom it hurts:    who makes invoices on a server without fonts for every script and looks at the
#                   ones in Latin letters: names in Japanese or Thai are gone, with the exit status 0.
# Source:           https://github.com/messense/typst-py, `compile_with_warnings`; ISO 19005-2, 6.2.11
#                   (every glyph shown must have a meaning).
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check typst==0.15.2 pypdf==6.14.2
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import typst
from pypdf import PdfReader

INVOICE = "Invoice for 日本 สวัสดี, 12.00".encode()


def refused(standard):
    """Return what typst says of the invoice under *standard*; nothing where it makes it."""
    try:
        typst.compile(INVOICE, format="pdf", ignore_system_fonts=True, pdf_standards=standard)
    except typst.TypstError as error:
        return str(error)
    return ""


pdf, warnings = typst.compile_with_warnings(INVOICE, format="pdf", ignore_system_fonts=True)
text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
said = {standard: refused(standard) for standard in ("1.7", "a-2b", "ua-1")}
print(f"typst {version('typst')}: {len(warnings)} warnings; the page's text: {text!r}")
for standard, error in said.items():
    print(f"  {standard}: {error or 'made'}")
is_so = not warnings and "\0" in text and not said["1.7"] and all(list(said.values())[1:])
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
