"""Nested form parameters in, documents out: the dialect's two encodings."""

from __future__ import annotations

import re
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from jewelrymodel.sandbox.errors import Refused

Doc: TypeAlias = dict[str, Any]

_KEY = re.compile(r"([^\[\]]+)|\[([^\[\]]*)\]")


def decode_form(body: str) -> Doc:
    """`a[b][0]=c` as `{"a": {"b": ["c"]}}`; lists may come with or without numbers.

    Raises `Refused` when one name is used both as a value and as a container.
    """
    root: Doc = {}
    for position, (key, value) in enumerate(parse_qsl(body, keep_blank_values=True)):
        path = [plain or inner for plain, inner in _KEY.findall(key)]
        if not path:
            raise Refused("Invalid request: a parameter has no name.")
        node = root
        for step in path[:-1]:
            node = node.setdefault(step, {})
            if not isinstance(node, dict):
                raise Refused(f"Invalid request: {key} is both a value and a container.")
        node[path[-1] or f"#{position}"] = value
    return {key: _lists(value) for key, value in root.items()}


def _lists(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    if node and all(key.isdigit() or key.startswith("#") for key in node):
        numbered = all(key.isdigit() for key in node)
        ordered = sorted(node, key=int) if numbered else list(node)
        return [_lists(node[key]) for key in ordered]
    return {key: _lists(value) for key, value in node.items()}


def public(doc: Doc) -> Doc:
    """The document as it leaves: without the keys that the sandbox keeps to itself."""
    return {key: _public(value) for key, value in doc.items() if not key.startswith("_")}


def _public(value: Any) -> Any:
    if isinstance(value, dict):
        return public(value)
    if isinstance(value, list):
        return [_public(item) for item in value]
    return value


def list_of(url: str, data: list[Doc], *, has_more: bool = False) -> Doc:
    """A list object, as every collection is answered."""
    return {"object": "list", "url": url, "has_more": has_more, "data": data}
