"""Every sentence that a customer reads can be translated."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from django.template.base import DebugLexer, Token, TokenType
from tools import messages

from tests.support.tree import SOURCE

SHOWN = ("title", "alt", "aria-label", "placeholder", "data-label")
UNSEEN_BLOCKS = ("page_class", "body_class", "body_attributes", "title_class")
LETTERS = re.compile(r"[^\W\d_]{2,}")
ADDRESS = re.compile(r"\S*/\S*|\.(?:json|md)")
NO_SENTENCE = {"SHA", "UTC", "px", "mm", "min", "ΔE", "Windows", "macOS", "Linux"}
"""Written alike in every language."""


def test_the_text_of_a_template_is_left_to_the_translator() -> None:
    bare = [
        f"{path.relative_to(SOURCE)}: {text}"
        for path in messages.sources()
        if path.suffix in (".html", ".txt")
        for text in untranslated(path)
    ]
    assert not bare


def test_no_sentence_is_translated_before_its_reader_is_known() -> None:
    """What a module says when it is loaded has to be lazy: its reader's language comes later."""
    early = [
        f"{path.relative_to(SOURCE)}:{call.lineno}"
        for path in messages.sources()
        if path.suffix == ".py"
        for call in early_calls(ast.parse(path.read_text()))
    ]
    assert not early


def test_the_catalogs_gather_every_sentence_of_a_module() -> None:
    """Inside an f-string, or under a name of its own, gettext is not met by who gathers."""
    gathered = {one.id[0] if isinstance(one.id, tuple) else one.id for one in messages.gathered()}
    lost = [
        f"{path.relative_to(SOURCE)}: {sentence}"
        for path in messages.sources()
        if path.suffix == ".py"
        for sentence in sentences(ast.parse(path.read_text()))
        if sentence not in gathered
    ]
    assert not lost


def sentences(tree: ast.Module) -> Iterator[str]:
    """The sentences that a module hands to gettext, whatever it calls its functions."""
    names = {alias.asname or alias.name: alias.name for alias in gettext_functions(tree)}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names:
            said = call.args["pgettext" in names[call.func.id]]
            if isinstance(said, ast.Constant):
                yield str(said.value)


def gettext_functions(tree: ast.Module) -> Iterator[ast.alias]:
    """What a module imports to have sentences translated."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in (
            "django.utils.translation",
            "jewelrymodel.kernel.translation",
        ):
            yield from (alias for alias in node.names if "gettext" in alias.name)


def early_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls of gettext's eager functions while the module or one of its classes is built."""
    eager = {
        alias.asname or alias.name
        for alias in gettext_functions(tree)
        if not alias.name.endswith(("_lazy", "_noop"))
    }
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in eager:
            yield node


def untranslated(path: Path) -> list[str]:
    """The words of a template that stand outside of its translations."""
    rest = "".join(texts(DebugLexer(path.read_text()).tokenize()))
    if path.suffix == ".txt":
        shown = rest.splitlines()
    else:
        page = Page()
        page.feed(rest)
        page.close()
        shown = page.shown
    words = [ADDRESS.sub("", " ".join(text.split())) for text in shown]
    return [text for text in words if set(LETTERS.findall(text)) - NO_SENTENCE]


def texts(tokens: list[Token]) -> Iterator[str]:
    """What a template says without its tags and without what is between blocktrans's."""
    ends = ""
    for token in tokens:
        name, *rest = token.contents.split() if token.token_type == TokenType.BLOCK else [""]
        if ends:
            ends = "" if name == ends else ends
        elif name in ("blocktrans", "blocktranslate", "comment") or (
            name == "block" and rest[0] in UNSEEN_BLOCKS
        ):
            ends = f"end{name}"
        elif token.token_type == TokenType.TEXT:
            yield token.contents


class Page(HTMLParser):
    """Collects what is shown of a page: its texts, and the attributes that people read."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("script", "style", "code", "pre")
        self.shown += [value or "" for name, value in attrs if name in SHOWN]

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.shown.append(data)
