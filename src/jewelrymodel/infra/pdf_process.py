"""Reads the text of one PDF in a process of its own: ``python -m jewelrymodel.infra.pdf_process``.

The file comes over standard input, its text leaves over standard output. What a stranger sent may
be made to take memory or time: here it meets nobody else's, no secret and no file.
"""

import io
import logging
import resource
import sys

from pypdf import PdfReader

MEMORY_BYTES = 1_000_000_000
"""Of addresses, the interpreter's included."""
PROCESSOR_S = 4
"""A receipt takes a tenth."""
PAGES, LETTERS = 3, 20_000


def main() -> None:
    """Answer with the text, or with nothing where it can't be read."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S, PROCESSOR_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()  # what a stranger's file lacks is no event of ours
    sys.stdout.buffer.write(text_in(sys.stdin.buffer.read()).encode("utf-8", "replace"))


def text_in(data: bytes) -> str:
    """Return the text of the first PAGES pages, at most LETTERS letters."""
    texts: list[str] = []
    for page in PdfReader(io.BytesIO(data)).pages[:PAGES]:
        texts.append(page.extract_text())
        if sum(map(len, texts)) > LETTERS:
            break
    return "\n\n".join(texts)[:LETTERS]


if __name__ == "__main__":
    main()
