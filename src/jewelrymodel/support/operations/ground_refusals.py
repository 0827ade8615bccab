"""Which grounds share a request: who may read it, and how it is decided, is one for all of them."""

from collections.abc import Iterable
from enum import StrEnum

from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.remedies.assessments import Subject
from jewelrymodel.support import queries
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.queries import Ground
from jewelrymodel.support.rules.about_money import is_about_money
from jewelrymodel.support.statuses import Channel, ConfirmationState

MOST_GROUNDS = 5


class GroundRefusal(StrEnum):
    """Why a ground isn't added, changed or removed."""

    KNOWN = "ground_known"
    DAMAGE = "ground_damage"
    MONEY = "ground_money"
    OURS = "ground_ours"
    TOO_MANY = "ground_too_many"
    BEING_DECIDED = "ground_being_decided"
    DECIDED = "ground_decided"


class GroundRefused(CodedError):
    """This ground can't be added, changed or removed. Nothing was changed."""

    codes = GroundRefusal


def refuse_another_ground(case: Case, category: str, subject: Subject) -> None:
    """Return where the case may have this ground as well; raises GroundRefused."""
    refuse_while_deciding(case)
    known = queries.grounds(case)
    if len(known) >= MOST_GROUNDS:
        raise GroundRefused(GroundRefusal.TOO_MANY, n=MOST_GROUNDS)
    if case.channel == Channel.MACHINE:
        raise GroundRefused(GroundRefusal.OURS)
    _refuse_beside(known, category, subject)


def refuse_other_subject(case: Case, category: str, subject: Subject) -> None:
    """Return where the case's first ground may become this one; raises GroundRefused where that
    doesn't go with its further grounds.
    """
    further = queries.grounds(case)[1:]
    if further:
        refuse_while_deciding(case)
        _refuse_beside(further, category, subject)


def refuse_while_deciding(case: Case) -> None:
    """What is about to be decided is decided on the grounds that were shown."""
    if case.confirmed_decisions.filter(state=ConfirmationState.PENDING).exists():
        raise GroundRefused(GroundRefusal.BEING_DECIDED)


def _refuse_beside(others: Iterable[Ground], category: str, subject: Subject) -> None:
    is_money = is_about_money(category, subject.kind)
    for one in others:
        if (one.category, one.subject) == (category, subject):
            raise GroundRefused(GroundRefusal.KNOWN)
        if Category.VISIBLY_BROKEN in (category, one.category):
            raise GroundRefused(GroundRefusal.DAMAGE)
        if is_about_money(one.category, one.subject.kind) != is_money:
            raise GroundRefused(GroundRefusal.MONEY)
