"""What an edition is once it is read: prose, parameters, rules and examples."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from jewelrymodel.policy.facts import Value
from jewelrymodel.policy.rulebook import Example, NoRule, Rule


class EditionRefused(Exception):
    """This edition can't be used. The message names file, line, problem and mend."""

    def __init__(self, file: str, line: int, problem: str, mend: str) -> None:
        super().__init__(f"{file}:{line}: {problem} — {mend}")
        self.line = line


@dataclass(frozen=True)
class Sentence:
    """A stretch of prose and the clauses it states; none where it only leads to a list."""

    text: str
    clause_ids: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """Sentences that stand together, as running text or as one item of a list."""

    sentences: tuple[Sentence, ...]
    is_list_item: bool


@dataclass(frozen=True)
class Section:
    """A titled part of the page; the page's lead has no title and no anchor."""

    title: str
    anchor: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True)
class Parameter:
    """A word of the prose that is a number: its value, unit and meaning are part of the edition.

    *read_by*: the rules, or the rooms of the program, that go by it.
    """

    name: str
    value: int
    unit: str
    meaning: str
    read_by: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Edition:
    """One dated revision. ``sha256`` is the hash of the file as it is shipped and served.

    *reaches_back*: whether it may also govern earlier purchases, where it is better for the
    customer (edge 11). *usual*: the facts of every example, unless it says otherwise.
    """

    date: datetime.date
    effective_from: datetime.date
    reason: str
    reason_text: str
    review_within_business_days: int
    parameters: tuple[Parameter, ...]
    title: str
    sections: tuple[Section, ...]
    source_text: str
    sha256: str
    reaches_back: bool
    usual: Mapping[str, Value]
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]
    without_rule: tuple[NoRule, ...]

    @property
    def file(self) -> str:
        """The name of its file."""
        return f"{self.date.isoformat()}.md"

    @property
    def starts_at(self) -> datetime.datetime:
        """When it takes effect: at the start of its day, UTC."""
        return datetime.datetime.combine(self.effective_from, datetime.time(), datetime.UTC)

    def parameter_values(self) -> dict[str, int]:
        """Return the parameters as conditions read them: ``param.<name>``."""
        return {f"param.{one.name}": one.value for one in self.parameters}

    def number(self, name: str) -> int:
        """Return the value of one of its parameters; raises KeyError where it states none."""
        return self.parameter_values()[f"param.{name}"]

    def prose_of(self, clause: str) -> str:
        """Return the sentence that states *clause*, complete in itself; empty where none does."""
        for section in self.sections:
            for paragraph in section.paragraphs:
                for sentence in paragraph.sentences:
                    if clause in sentence.clause_ids:
                        return _closed(sentence.text)
        return ""


def _closed(text: str) -> str:
    """An item of a list, or a part of a longer sentence, as a sentence of its own."""
    stem = text.rstrip(" ,;")
    return stem if stem.endswith((".", ":")) else f"{stem}."
