"""Mandatory law as dated files of data: rows, each with its source, and the rules that they give.

A row is cited like a clause. A file says who of the law's trade has read it, or nobody.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jewelrymodel.policy import editions_in_force
from jewelrymodel.policy.edition import Edition, Paragraph, Parameter, Section, Sentence
from jewelrymodel.policy.rulebook import Example, Rule

WITHDRAWAL = "withdrawal"
"""The ground of a request by which a consumer withdraws from a contract."""
ROLE = "law"
"""What a decision calls a file of law among the texts that governed it."""


@dataclass(frozen=True)
class LawRow:
    """One right or duty: what it says to a customer, where it is written, how sure we are."""

    id: str
    jurisdictions: tuple[str, ...]
    text: str
    basis: str
    confidence: str
    note: str
    rules: tuple[Rule, ...]
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class LawFile:
    """One dated file. ``sha256`` is that of its bytes; *reviewed_by* is empty while no lawyer has
    read it.
    """

    date: datetime.date
    effective_from: datetime.date
    title: str
    sha256: str
    reviewed_by: str
    reviewed_on: datetime.date | None
    parameters: tuple[Parameter, ...]
    rows: tuple[LawRow, ...]

    @property
    def starts_at(self) -> datetime.datetime:
        """From when on requests are decided by it: the start of its day, UTC."""
        return datetime.datetime.combine(self.effective_from, datetime.time(), datetime.UTC)

    @property
    def is_reviewed(self) -> bool:
        """Whether a lawyer has read it."""
        return bool(self.reviewed_by) and self.reviewed_on is not None

    def parameter(self, name: str) -> int:
        """Return the value of one of its parameters; raises KeyError where it states none."""
        return {one.name: one.value for one in self.parameters}[name]

    def row(self, row_id: str) -> LawRow | None:
        """Return the row of that id; None where it has none."""
        return next((one for one in self.rows if one.id == row_id), None)


def law_in_force(
    laws: Sequence[LawFile], *, ground: str, requested_at: datetime.datetime
) -> LawFile | None:
    """Return the file that a request about *ground* goes by; None where law has no rule for it."""
    begun = [one for one in laws if one.starts_at <= requested_at]
    if ground != WITHDRAWAL or not begun:
        return None
    return editions_in_force.in_force(begun, requested_at)


def with_law(edition: Edition, law: LawFile | None) -> Edition:
    """Return the edition with the rules and sentences of *law* beside its own.

    Its date and hash stay its own: what it says isn't changed by what the law adds.
    """
    if law is None:
        return edition
    prose = tuple(Paragraph((Sentence(row.text, (row.id,)),), True) for row in law.rows)
    return replace(
        edition,
        parameters=(*edition.parameters, *law.parameters),
        sections=(*edition.sections, Section(law.title, ROLE, prose)),
        rules=(*edition.rules, *(rule for row in law.rows for rule in row.rules)),
    )
