"""Request parameters, read strictly: what nobody asked for by name is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from jewelrymodel.sandbox.encodings import Doc
from jewelrymodel.sandbox.errors import Refused, invalid, missing

_INTEGER = re.compile(r"-?\d{1,15}")


class Params:
    """A (nested) set of parameters. `path` is its name in messages, such as `line_items[0]`."""

    def __init__(self, values: Doc, path: str = "") -> None:
        self._values = values
        self._path = path
        self._asked: set[str] = set()
        self._inner: dict[str, Params] = {}

    def name(self, key: str) -> str:
        """How the client wrote this parameter."""
        return f"{self._path}[{key}]" if self._path else key

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str) -> Any:
        """The value as sent, or None."""
        self._asked.add(key)
        return self._values.get(key)

    def text(self, key: str, default: str | None = None) -> str | None:
        """A string; an empty one counts as none."""
        value = self.raw(key)
        if value is None:
            return default
        if not isinstance(value, str):
            raise invalid(self.name(key), f"Invalid string: {self.name(key)}.")
        if len(value) > 5000:
            raise invalid(self.name(key), f"{self.name(key)} has more than 5000 characters.")
        return value or None

    def needed(self, key: str) -> str:
        """A string that has to be there."""
        value = self.text(key)
        if value is None:
            raise missing(self.name(key))
        return value

    def integer(
        self, key: str, default: int | None = None, *, least: int = 0, most: int = 99_999_999_999
    ) -> int | None:
        """A whole number within bounds."""
        value = self.text(key)
        if value is None:
            return default
        if not _INTEGER.fullmatch(value):
            raise invalid(self.name(key), f"Invalid integer: {value}")
        if not least <= int(value) <= most:
            raise invalid(self.name(key), f"{self.name(key)} has to be from {least} to {most}.")
        return int(value)

    def needed_integer(self, key: str, *, least: int = 0) -> int:
        """A whole number that has to be there."""
        value = self.integer(key, least=least)
        if value is None:
            raise missing(self.name(key))
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """`true` or `false`."""
        value = self.text(key)
        if value not in (None, "true", "false"):
            raise invalid(self.name(key), f"Invalid boolean: {value}")
        return default if value is None else value == "true"

    def choice(self, key: str, options: Sequence[str], default: str | None = None) -> str | None:
        """One of these words."""
        value = self.text(key, default)
        if value is not None and value not in options:
            raise invalid(
                self.name(key), f"Invalid {self.name(key)}: must be one of {', '.join(options)}"
            )
        return value

    def inner(self, key: str) -> Params | None:
        """A nested set of parameters, or None when none was sent."""
        value = self.raw(key)
        if value in (None, ""):
            return None
        return self._nested(value, self.name(key))

    def items(self, key: str) -> list[Params]:
        """A list of nested sets."""
        value = self.raw(key)
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise invalid(self.name(key), f"Invalid array: {self.name(key)}.")
        return [self._nested(item, f"{self.name(key)}[{n}]") for n, item in enumerate(value)]

    def texts(self, key: str) -> list[str]:
        """A list of strings."""
        value = self.raw(key)
        if value in (None, ""):
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise invalid(self.name(key), f"Invalid array: {self.name(key)}.")
        return value

    def metadata(self, kept: Doc | None = None) -> dict[str, str]:
        """Metadata merged over what is kept: an empty value removes its key (limits 50/40/500)."""
        sent = self.raw("metadata")
        if sent == "":
            return {}
        merged = dict(kept or {})
        for key, value in self._flat(sent):
            if value:
                merged[key] = value
            else:
                merged.pop(key, None)
        if len(merged) > 50:
            raise invalid(self.name("metadata"), "Metadata can have up to 50 keys.")
        return merged

    def accept(self, *keys: str) -> None:
        """Take these without acting on them: they change how a page looks, not what is paid."""
        self._asked.update(keys)

    def finish(self) -> None:
        """Raises `Refused` (`parameter_unknown`) if something was sent that nobody asked for."""
        for key in self._values:
            if key not in self._asked:
                raise Refused(
                    f"Received unknown parameter: {self.name(key)}"
                    " (or one that this sandbox does not stand in for).",
                    code="parameter_unknown",
                    param=self.name(key),
                )
        for inner in self._inner.values():
            inner.finish()

    def _nested(self, value: Any, path: str) -> Params:
        if not isinstance(value, dict):
            raise invalid(path, f"Invalid object: {path}.")
        return self._inner.setdefault(path, Params(value, path))

    def _flat(self, sent: Any) -> list[tuple[str, str]]:
        if sent is None:
            return []
        # Keys that are all digits look like a list on the wire.
        pairs = dict(enumerate(sent)) if isinstance(sent, list) else sent
        if not isinstance(pairs, dict):
            raise invalid(self.name("metadata"), "Invalid object: metadata.")
        flat = [(str(key), value) for key, value in pairs.items()]
        for key, value in flat:
            if not isinstance(value, str) or len(key) > 40 or len(value) > 500:
                raise invalid(
                    f"{self.name('metadata')}[{key}]",
                    "Metadata keys have up to 40 characters, values are strings of up to 500.",
                )
        return flat
