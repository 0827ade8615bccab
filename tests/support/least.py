"""The least that the processor may answer: an object with no field that may be absent or null."""

import json
from typing import Any, ClassVar, ForwardRef, Literal, Union, get_args, get_origin

import stripe
from stripe import ListObject, StripeObject

Doc = dict[str, Any]
_PLAIN: dict[type, object] = {str: "word", int: 1_795_000_000, bool: False}


def least(kind: type[StripeObject], **given: Any) -> Doc:
    """Return the fields that the SDK's annotations don't call optional, and those *given*.

    Inner objects are the least of theirs, lists are empty, words are the first that is listed.
    """
    notes = {
        name: note
        for name, note in kind.__annotations__.items()
        if not name.startswith("_") and get_origin(note) is not ClassVar
    }
    doc = {name: _value(note) for name, note in notes.items() if type(None) not in get_args(note)}
    return doc | given


def page(*items: Doc) -> Doc:
    """Return a list object that holds these."""
    return {"object": "list", "data": list(items), "has_more": False, "url": "/v1/of_the_test"}


def _value(note: Any) -> Any:
    origin, inner = get_origin(note), get_args(note)
    if origin is Union:
        return _value(inner[0])
    if origin is Literal:
        return inner[0]
    if origin is ListObject:
        return page()
    if origin is list:
        return []
    if isinstance(origin, type) and issubclass(origin, StripeObject):
        return {}
    if isinstance(note, ForwardRef):
        return f"{note.__forward_arg__.lower()}_1"
    return _PLAIN[note] if note in _PLAIN else least(note)


class Canned(stripe.HTTPClient):
    """Answers the SDK from a table: the ending of an address, and the object that lies there."""

    name = "canned"

    def __init__(self, answers: dict[str, Doc]) -> None:
        super().__init__()
        self._answers = answers

    def request(self, method: str, url: str, *_rest: Any) -> tuple[bytes, int, Doc]:
        """Answer with the first object whose address ends so."""
        path = url.partition("?")[0]
        found = next(doc for ending, doc in self._answers.items() if path.endswith(ending))
        return json.dumps(found).encode(), 200, {}
