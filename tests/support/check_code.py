"""A digest of all code that decides what the automatic check says.

It changes with every limit and every line, and doesn't with comments and docstrings: a rate
that was measured stays true as long as the digest is the same.
"""

import hashlib
import io
import tokenize
from pathlib import Path

STUDIO = Path(__file__).parents[2] / "src" / "jewelrymodel" / "studio"
CHECK = (
    *("fidelity", "spots", "structure", "surroundings", "registration"),
    *("declaration", "lighting", "arrays"),
)
_SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
_OPENS_A_LINE = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}


def code_digest() -> str:
    """SHA-256, in hex, over what the check's modules say to the machine."""
    total = hashlib.sha256()
    for name in CHECK:
        total.update("\0".join(spoken((STUDIO / f"{name}.py").read_text("utf-8"))).encode())
    return total.hexdigest()


def spoken(source: str) -> list[str]:
    """The tokens of a module without comments, blank lines and docstrings."""
    found: list[tokenize.TokenInfo] = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _SILENT:
            continue
        if token.type == tokenize.NEWLINE and found and _is_docstring(found):
            found.pop()
            continue
        found.append(token)
    return [f"{tokenize.tok_name[t.type]} {t.string.strip(' ')}" for t in found]


def _is_docstring(found: list[tokenize.TokenInfo]) -> bool:
    return found[-1].type == tokenize.STRING and (
        len(found) == 1 or found[-2].type in _OPENS_A_LINE
    )
