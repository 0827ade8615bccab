"""Every act that the source writes into the audit record, read off its calls.

``audit.record(action=…)`` is called with a name itself, or by a function that hands one of its own
parameters on; that function's calls are then read the same way.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).parents[2] / "src/jewelrymodel"
_ROOT = "jewelrymodel.audit.operations.record"
_PACKAGE = "jewelrymodel"


@dataclass(frozen=True)
class Door:
    """A function that writes an act: which of its parameters names it, and where that stands."""

    name: str
    keyword: str
    position: int | None


@dataclass(frozen=True)
class Module:
    """A parsed file with its dotted name, and what its imported names stand for."""

    name: str
    tree: ast.Module
    imports: dict[str, str]

    def full(self, called: ast.expr) -> str:
        """Return the dotted name of what is called; empty where it isn't a plain name."""
        if isinstance(called, ast.Name):
            return self.imports.get(called.id, f"{self.name}.{called.id}")
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            return f"{self.imports.get(called.value.id, called.value.id)}.{called.attr}"
        return ""


class Called(NamedTuple):
    """A call, the function that makes it, and the module they stand in."""

    module: Module
    function: ast.FunctionDef | None
    call: ast.Call


@cache
def acts_in_source() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return every act's name, ``*`` in place of what is only known at run time, and the places
    whose name couldn't be read.
    """
    called = defaultdict[str, list[Called]](list)
    for path in sorted(SOURCE.rglob("*.py")):
        for name, one in _calls(_module(path)):
            called[name].append(one)
    waiting = [Door(_ROOT, "action", None)]
    known, acts, unread = set(waiting), set[str](), list[str]()
    while waiting:
        door = waiting.pop()
        for module, function, call in called[door.name]:
            for one in _given(call, door):
                if name := _written(one, module):
                    acts.add(name)
                elif handed := _handed(one, function, module):
                    waiting += {handed} - known
                    known.add(handed)
                else:
                    unread.append(f"{module.name}:{call.lineno}")
    return frozenset(acts), tuple(unread)


def _module(path: Path) -> Module:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    name = ".".join((_PACKAGE, *(parts[:-1] if parts[-1] == "__init__" else parts)))
    tree = ast.parse(path.read_text())
    imports: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imports |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return Module(name, tree, imports)


def _calls(module: Module) -> Iterator[tuple[str, Called]]:
    """Every call of a plain name, by the dotted name of what is called, with the innermost function
    that it stands in.
    """
    inside = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]
    functions = {child: one for one in inside for child in ast.walk(one)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and (name := module.full(node.func)):
            yield name, Called(module, functions.get(node), node)


def _given(call: ast.Call, door: Door) -> list[ast.expr]:
    """What a call names as its act: both ways of an ``if``; the call itself where it names none."""
    for keyword in call.keywords:
        if keyword.arg == door.keyword:
            return _branches(keyword.value)
    if door.position is not None and door.position < len(call.args):
        return _branches(call.args[door.position])
    return [call]


def _branches(value: ast.expr) -> list[ast.expr]:
    if isinstance(value, ast.IfExp):
        return [*_branches(value.body), *_branches(value.orelse)]
    return [value]


def _written(value: ast.expr, module: Module) -> str:
    if isinstance(value, ast.Constant):
        return str(value.value)
    if isinstance(value, ast.JoinedStr):
        return "".join(
            str(one.value) if isinstance(one, ast.Constant) else "*" for one in value.values
        )
    return _constant(module.full(value))


def _constant(name: str) -> str:
    """The text that a module's constant holds, by its dotted name."""
    home, _, short = name.rpartition(".")
    base = SOURCE.joinpath(*home.split(".")[1:])
    for path in (base.with_suffix(".py"), base / "__init__.py"):
        if not path.is_file():
            continue
        module = _module(path)
        for node in module.tree.body:
            if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)):
                continue
            if any(isinstance(one, ast.Name) and one.id == short for one in node.targets):
                return str(node.value.value)
        if short in module.imports:
            return _constant(module.imports[short])
    return ""


def _handed(value: ast.expr, function: ast.FunctionDef | None, module: Module) -> Door | None:
    if function is None or not isinstance(value, ast.Name):
        return None
    positional = [one.arg for one in function.args.args]
    keywords = [one.arg for one in function.args.kwonlyargs]
    if value.id not in positional + keywords:
        return None
    position = positional.index(value.id) if value.id in positional else None
    return Door(f"{module.name}.{function.name}", value.id, position)
