"""Every object has the fields that the SDK's types declare, and none that they don't."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from stripe._object_classes import get_object_class


def declared(kind: type) -> dict[str, str]:
    """The fields of an SDK class with their annotations, as written."""
    return {
        name: str(note)
        for name, note in kind.__annotations__.items()
        if name != "OBJECT_NAME" and not name.startswith("_")
    }


def is_required(note: str) -> bool:
    """Whether a field with this annotation is always there; one that may be null may be absent."""
    return not any(word in note for word in ("Optional[", "NoneType"))


def disagreements(kind: type, doc: dict[str, Any], path: str) -> Iterator[str]:
    """Fields that are required and absent, or present and unknown, down through inner objects."""
    fields = declared(kind)
    for name, note in fields.items():
        if name not in doc and is_required(note):
            yield f"{path}.{name} is required"
    for name, value in doc.items():
        if name not in fields and name != "object":
            yield f"{path}.{name} is not declared"
        inner = kind._inner_class_types.get(name)  # type: ignore[attr-defined] # SDK's own map
        for item in value if isinstance(value, list) else [value]:
            if inner and isinstance(item, dict):
                yield from disagreements(inner, item, f"{path}.{name}")
            elif isinstance(item, dict) and isinstance(item.get("object"), str):
                yield from of_object(item, f"{path}.{name}")


def of_object(doc: dict[str, Any], path: str) -> Iterator[str]:
    """The same for an object that names its class; lists are looked through."""
    if doc["object"] == "list":
        for item in doc["data"]:
            yield from of_object(item, path)
    else:
        yield from disagreements(get_object_class("V1", doc["object"]), doc, path)
