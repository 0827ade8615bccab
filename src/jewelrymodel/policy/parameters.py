"""Who reads the numbers of an edition: a number that nobody reads is a promise that nobody keeps.

Rules read them as ``param.<name>``; what code reads is listed here, by room.
"""

import re
from collections.abc import Iterator, Mapping

from jewelrymodel.policy.edition import Edition, EditionRefused

READERS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("continuation_days",),
    "payments": ("duplicate_minutes", "withdrawal_days"),
}
RULES = "rules"
_READ = re.compile(r"\bparam\.(\w+)")


def refuse_unread(file: str, edition: Edition) -> None:
    """Raise EditionRefused unless each number says who reads it, and is there for who does."""
    stated = {one.name for one in edition.parameters}
    for room, names in READERS.items():
        if missing := [name for name in names if name not in stated]:
            mend = f"state it under [parameters.{missing[0]}]"
            raise EditionRefused(file, 1, f"{room} reads {', '.join(missing)}", mend)
    for one in edition.parameters:
        readers = sorted(_readers(edition, one.name))
        if not readers:
            mend = "take it out, or write the rule that reads it"
            raise EditionRefused(file, _line(edition, one.name), f"nobody reads {one.name}", mend)
        if readers != sorted(one.read_by):
            named = ", ".join(one.read_by) or "nobody"
            problem = f"{one.name} is read by {', '.join(readers)}, not by {named}"
            raise EditionRefused(
                file, _line(edition, one.name), problem, f"write read_by = {readers}"
            )


def _readers(edition: Edition, name: str) -> Iterator[str]:
    texts = (condition.text for rule in edition.rules for condition in rule.when)
    if any(name in _READ.findall(text) for text in texts):
        yield RULES
    yield from (room for room, names in READERS.items() if name in names)


def _line(edition: Edition, name: str) -> int:
    """Where the front matter states the number."""
    lines = edition.source_text.splitlines()
    return lines.index(f"[parameters.{name}]") + 1 if f"[parameters.{name}]" in lines else 1
