"""What people read is plain American English: no private language, one word for one thing.

The list is of kinds that a stranger stumbled over. It is about our pages, emails and
receipts; not the refund policy, whose words bind as they are, and not the sandbox's stand-ins.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "src/jewelrymodel"
GETTEXT = re.compile(r"_|n?p?gettext(_lazy)?")
MARKUP = re.compile(
    r"<style.*?</style>|<script.*?</script>|<[^>]*>|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL
)
PHRASE = re.compile(r"\{%\s*trans(?:late)?\s+([\"'])(.*?)\1[^%]*%\}", re.DOTALL)
TAG = re.compile(r"\{%.*?%\}", re.DOTALL)

PRIVATE = {
    "put right / put it right": r"\bput (it |them |this |much )?right\b",
    "rest, for suspended": (
        r"\b(credits?|access|images?|downloads?|what|it|month|plan) rest(s|ed)?\b(?! of)"
    ),
    "stands, for is": r"\b(stands? (here|under|in the|before)|it stands)\b",
    "anew": r"\banew\b",
    "mend": r"\bmend(s|ed|ing)?\b",
    "thaw / freeze": r"\b(thaw\w*|freezes?|frozen)\b",
    "give back": r"\bg(i|a)ve[sn]? (it |them |the money |the credits )?back\b|\bgiving back\b",
    "money back, for refund": r"\bmoney back\b",
    "let it renew": r"\blet it renew\b",
    "a person, for our team": r"\bperson (looks|decides|has to|has looked)\b",
    "machine, for automatic": r"\b(no|a|the) machine\b",
    "second person": r"\bsecond person\b",
    "send back": r"\b(sent|sends?|sending) back\b",
    "ground, for category or background": r"\bgrounds?\b(?! for)",
    "cut-out": r"\bcut-outs?\b",
    "mail, for email": r"(?<![-\w./@])mails?\b(?![-.@/])",
    "computer-made": r"\bcomputer-made\b",
    "told": r"\b(is|are|was|were|been) told\b",
    "paid month": r"\bpaid months?\b",
    "without a word": r"\bwithout a word\b",
    "promise, for a check": r"\bbroken promises?\b",
}
BRITISH = (
    r"\b(\w*colour\w*|jeweller\w*|cancell(ed|ing)|licence\w*|centre\w*|grey|favour\w*|"
    r"(recogn|organ|author|apolog|real|final|optim|minim|maxim|summar|custom)is(e|ed|es|ing))\b"
)


def _of_templates() -> Iterator[tuple[str, str]]:
    for file in sorted([*PACKAGE.rglob("*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        if "sandbox" in file.parts or "tools" in file.parts:
            continue
        text = PHRASE.sub(r" \2 ", file.read_text("utf-8"))
        yield str(file.relative_to(PACKAGE)), " ".join(TAG.sub(" ", MARKUP.sub(" ", text)).split())


def _of_code() -> Iterator[tuple[str, str]]:
    for file in sorted(PACKAGE.rglob("*.py")):
        if "sandbox" in file.parts or "migrations" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and GETTEXT.fullmatch(ast.unparse(node.func)):
                for argument in node.args:
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        yield f"{file.relative_to(PACKAGE)}:{node.lineno}", argument.value


SHOWN = [*_of_templates(), *_of_code()]


def _sentences_with(pattern: str) -> list[str]:
    wanted = re.compile(rf".{{0,40}}(?:{pattern}).{{0,40}}", re.IGNORECASE)
    return [f"{where}: …{hit.group()}…" for where, text in SHOWN for hit in wanted.finditer(text)]


@pytest.mark.parametrize("kind", PRIVATE)
def test_no_private_language(kind: str) -> None:
    assert _sentences_with(PRIVATE[kind]) == []


def test_american_spelling() -> None:
    assert _sentences_with(BRITISH) == []
