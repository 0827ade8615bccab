"""What is assessed and what comes out: subject, request, a person's choice, assessment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import TextChoices

from jewelrymodel.policy.decision import Decision, RemedyKind
from jewelrymodel.policy.promise import PromisedLine


class SubjectKind(TextChoices):
    """What a decision is about."""

    ORDER = "order"
    TASK = "task"
    ACCOUNT = "account"


@dataclass(frozen=True)
class Subject:
    """What a request is about: a kind of thing and its id."""

    kind: SubjectKind
    id: str


@dataclass(frozen=True)
class RequestFacts:
    """What support knows of a request: no claim has a place in it (edge 14).

    *verified_records* are records that a person linked as the proof of a payment or account error
    (6.4), and the order that a duplicate repeats (6.1).
    """

    account_id: str
    category: str
    subject: Subject
    requested_at: datetime
    identity_level: int
    verified_records: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chosen:
    """A remedy that a person chose, with its amount in credits or minor units.

    *revokes_credits*: the credits that are left of the purchase are revoked with the refund.
    """

    kind: RemedyKind
    credits: int = 0
    amount_minor: int = 0
    currency: str = ""
    revokes_credits: bool = False


@dataclass(frozen=True)
class Assessment:
    """A decision that nobody has taken yet; *signature* changes when what it rests on does.

    *revokes_credits*: whether a full refund revokes what the charge bought. *order_id*: the
    purchase that it is about, or that paid the task. *rounds*: how often each loss was made good.
    *promised*: what was promised before paying for just these facts.
    """

    request: RequestFacts
    decision: Decision
    signature: str
    charge_id: str
    revokes_credits: bool
    order_id: str = ""
    rounds: Mapping[str, int] = field(default_factory=dict)
    promised: tuple[PromisedLine, ...] = ()
