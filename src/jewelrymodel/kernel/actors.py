"""Who acts: a person who is signed in, the customer of a case, or a part of the system."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ActorKind(StrEnum):
    """What kind of actor it is; the word is the first part of the stored text."""

    USER = "user"
    SYSTEM = "system"
    CUSTOMER = "customer"


USER_PREFIX = f"{ActorKind.USER}:"
"""What the stored text of every signed-in person begins with, for lookups in the database."""


@dataclass(frozen=True)
class Actor:
    """Who did something: ``str()`` is the text that is stored, and ``parse`` reads it back.

    *id* is a user's number or the name of a part of the system; a customer has none, for whoever
    writes from the email address of a case is its customer.
    """

    kind: ActorKind
    id: str = ""

    def __post_init__(self) -> None:
        named = bool(self.id)
        if named == (self.kind is ActorKind.CUSTOMER):
            raise ValueError(f"{self.kind} can't be {self.id!r}")
        if self.kind is ActorKind.USER and not self.id.isdecimal():
            raise ValueError(f"a user's id is a number, not {self.id!r}")

    @classmethod
    def user(cls, user_id: int) -> Self:
        """Return the signed-in person with this id."""
        return cls(ActorKind.USER, str(user_id))

    @classmethod
    def system(cls, name: str) -> Self:
        """Return the part of the system with this name."""
        return cls(ActorKind.SYSTEM, name)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return whom a stored text names; raises ValueError for what ``str()`` never writes."""
        kind, _, id_ = text.partition(":")
        return cls(ActorKind(kind), id_)

    @property
    def is_user(self) -> bool:
        """Whether a signed-in person acts."""
        return self.kind is ActorKind.USER

    @property
    def user_id(self) -> int | None:
        """The id of the signed-in person; None for everybody else."""
        return int(self.id) if self.is_user else None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


CUSTOMER = Actor(ActorKind.CUSTOMER)
