"""Wherever the studio reports a code it gives its parameters, and every code is in use."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from jewelrymodel import infra, studio
from jewelrymodel.generation import adapters, operations
from jewelrymodel.studio import messages
from jewelrymodel.studio.chain_separation import Unclear
from jewelrymodel.studio.messages import Code, ViewProblem

ROOMS = [Path(str(room.__file__)).parent for room in (studio, adapters, operations, infra)]
MODULES = [file for room in ROOMS for file in sorted(room.glob("*.py"))]
KINDS = {kind.__name__: kind for kind in Code.__subclasses__()}


def code_in(node: ast.AST) -> Code | None:
    """The code that an expression like ``ViewProblem.TOO_LARGE`` names."""
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        kind = KINDS.get(node.value.id)
        return kind[node.attr] if kind else None
    return None


def reports(module: Path) -> Iterator[tuple[int, Code, set[str | None]]]:
    """Each call with a code as its first argument: its line, the code, its keywords."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and node.args:
            code = code_in(node.args[0])
            if code is not None:
                yield node.lineno, code, {one.arg for one in node.keywords}


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.stem)
def test_a_code_is_reported_with_its_parameters(module: Path) -> None:
    wrong = [(line, code) for line, code, given in reports(module) if given != code.parameters]
    assert not wrong


def test_every_code_is_reported_somewhere() -> None:
    named = {
        (type(code), code)
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if (code := code_in(node)) is not None
    }
    named |= {(ViewProblem, ViewProblem(unclear.value)) for unclear in Unclear}
    everything = {(kind, code) for kind in KINDS.values() for code in kind}
    assert everything - named == set()


def test_what_is_unclear_about_a_chain_needs_no_parameters() -> None:
    assert not any(ViewProblem(unclear.value).parameters for unclear in Unclear)
    assert {kind.__module__ for kind in KINDS.values()} == {messages.__name__}
