"""An exception carries a code, and whoever reads a page reads a sentence for it."""

import ast
import builtins
import importlib
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from jewelrymodel.config.error_sentences import SENTENCES
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.payments.operations import NoSuchCharge, RefundTooLarge, ReviewRefused
from jewelrymodel.payments.rules.processor_refund_errors import FINAL_REFUSALS
from jewelrymodel.remedies.operations import DeliveredSince, Undelivered
from jewelrymodel.studio.messages import StudioRefusal
from jewelrymodel.web.customer.billing import order_status
from jewelrymodel.web.customer.studio import refusals
from jewelrymodel.web.desk import failure_messages, refusal_messages
from tests.support.tree import SOURCE

WITH_SENTENCES = ("config", "demo", "kernel", "policy")
"""Their exceptions are read on a terminal or by programmers, in sentences of their own."""
AT_THE_START = {"DatabaseUnavailable", "NotAProxy", "NotDescribed"}
"""Raised before anything runs, of what an operator wrote or started; read on a terminal too."""
SAID_BY = {
    "web/desk": refusal_messages._SENTENCES,
    "web/customer/billing": order_status._PROBLEMS,
    "web/customer/studio": {**refusals._SENTENCES, **order_status._PROBLEMS},
    "web/customer/library": refusals._SENTENCES,
}
SAY = {"refusal_message", "problem_sentence", "refusal_text", "_refused"}


def test_a_docstring_is_no_message() -> None:
    reads = [
        place(path, node)
        for path, tree in (*modules(), *modules("sandbox"))
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "__doc__")
        or (isinstance(node, ast.Name | ast.Constant) and "__doc__" in vars(node).values())
    ]
    assert not reads


def test_every_exception_of_a_room_carries_a_code() -> None:
    bare = {
        f"{path.relative_to(SOURCE)}: {node.name}"
        for path, tree in modules()
        if path.relative_to(SOURCE).parts[0] not in WITH_SENTENCES
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name not in AT_THE_START
        if any(is_exception(base) for base in node.bases)
    }
    assert not bare


def test_a_code_names_one_exception() -> None:
    named = Counter(one.code for one in kinds(CodedError) if one.codes == (one.code,))
    assert {code for code, many in named.items() if many > 1} == set()


def test_no_coded_exception_is_raised_with_a_sentence() -> None:
    ours = {one.__name__ for one in kinds(CodedError)}
    said = [
        place(path, node)
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and last_name(node.func) in ours
        if any(isinstance(one, ast.Constant | ast.JoinedStr) for one in node.args)
    ]
    assert not said


def test_no_page_shows_what_an_exception_says_of_itself() -> None:
    shown = [
        place(path, node)
        for path, tree in modules("web")
        for handler in ast.walk(tree)
        if isinstance(handler, ast.ExceptHandler) and handler.name
        for node in ast.walk(handler)
        if (isinstance(node, ast.Call) and last_name(node.func) in {"str", "repr", "format"})
        or isinstance(node, ast.FormattedValue)
        if any(isinstance(one, ast.Name) and one.id == handler.name for one in ast.walk(node))
    ]
    assert not shown


def test_every_refusal_that_a_page_can_receive_has_a_sentence() -> None:
    checked = 0
    for folder, sentences in SAID_BY.items():
        for path, kind in said_on_pages(folder):
            missing = {code for code in kind.codes if code not in sentences}
            assert not missing, f"{path.relative_to(SOURCE)}: {kind.__name__}"
            checked += 1
    assert checked > 40


def test_every_failure_that_a_remedy_keeps_has_a_sentence() -> None:
    kept = [one.code for one in kinds(ReviewRefused) if one is not ReviewRefused]
    ours = {DeliveredSince.code, RefundTooLarge.code, NoSuchCharge.code, *kept, *Undelivered}
    assert (ours | FINAL_REFUSALS) - set(failure_messages._SENTENCES) == set()


def test_the_command_line_knows_codes_that_there_are() -> None:
    for path, _ in (*modules("config/backups"), *modules("attestation")):  # no page needs them
        importlib.import_module(module_name(path))
    assert set(SENTENCES) <= {one.code for one in kinds(CodedError)}


@cache
def modules(folder: str = "") -> tuple[tuple[Path, ast.Module], ...]:
    """Every module under *folder*, parsed; the sandbox is a program of its own, with own names."""
    unwanted = "" if folder == "sandbox" else "sandbox"
    paths = sorted((SOURCE / folder).rglob("*.py"))
    paths = [one for one in paths if one.relative_to(SOURCE).parts[0] != unwanted]
    return tuple((path, ast.parse(path.read_text())) for path in paths)


def place(path: Path, node: ast.AST) -> str:
    """Where something stands."""
    return f"{path.relative_to(SOURCE)}:{getattr(node, 'lineno', 0)}"


def kinds(base: type[CodedError]) -> set[type[CodedError]]:
    """The class and everything that derives from it, of ours."""
    derived = (one for sub in base.__subclasses__() for one in kinds(sub))
    return {one for one in (base, *derived) if one.__module__.startswith("jewelrymodel.")}


def last_name(expression: ast.expr) -> str:
    """The last name of a dotted one."""
    return ast.unparse(expression).rpartition(".")[2]


def is_exception(base: ast.expr) -> bool:
    """Whether the name of a base is one of Python's exceptions."""
    found = getattr(builtins, last_name(base), None)
    return isinstance(found, type) and issubclass(found, BaseException)


@cache
def made() -> frozenset[str]:
    """The names of everything that is called or raised anywhere."""
    calls = (node for _, tree in modules() for node in ast.walk(tree))
    return frozenset(
        last_name(node.func if isinstance(node, ast.Call) else node.exc)
        for node in calls
        if isinstance(node, ast.Call) or (isinstance(node, ast.Raise) and node.exc)
    )


def said_on_pages(folder: str) -> Iterator[tuple[Path, type[CodedError]]]:
    """The refusals that views under *folder* catch and give to one of ``SAY``."""
    for path, tree in modules(folder):
        known = vars(importlib.import_module(module_name(path)))
        for handler in ast.walk(tree):
            if isinstance(handler, ast.ExceptHandler) and handler.type and is_said(handler):
                for kind in caught(handler.type, known):
                    yield path, kind


def module_name(path: Path) -> str:
    """The name under which a module is imported."""
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts).removesuffix(".__init__")


def is_said(handler: ast.ExceptHandler) -> bool:
    """Whether a handler gives its exception to one of ``SAY``."""
    return any(
        isinstance(node, ast.Call)
        and last_name(node.func) in SAY
        and handler.name in {ast.unparse(argument) for argument in ast.walk(node)}
        for node in ast.walk(handler)
    )


def caught(expression: ast.expr, known: Mapping[str, object]) -> set[type[CodedError]]:
    """The exceptions of ours that a handler of *expression* can receive, without the studio's."""
    ours = {
        kind
        for one in resolved(expression, known)
        if isinstance(one, type) and issubclass(one, CodedError)
        for kind in kinds(one)
    }
    return {one for one in ours - kinds(StudioRefusal) if one.__name__ in made()}


def resolved(expression: ast.expr, known: Mapping[str, object]) -> Iterator[object]:
    """What the names in *expression* stand for, each of a tuple."""
    match expression:
        case ast.Tuple(elts=parts) | ast.Call(args=parts):
            for part in parts:
                yield from resolved(part, known)
        case ast.Starred(value=value):
            yield from resolved(value, known)
        case ast.Attribute(value=value, attr=name):
            yield getattr(next(resolved(value, known)), name)
        case ast.Name(id=name):
            found = known.get(name, getattr(builtins, name, None))
            yield from found if isinstance(found, tuple | dict) else (found,)
