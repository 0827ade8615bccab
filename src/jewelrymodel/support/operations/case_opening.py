"""Opening a case: from the form, from a mail, or because we found a broken promise ourselves."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import ngettext_lazy

from jewelrymodel.accounts import queries as accounts
from jewelrymodel.catalog import terms
from jewelrymodel.infra import formats, languages
from jewelrymodel.kernel.actors import CUSTOMER, Actor
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.remedies.assessments import Subject
from jewelrymodel.support.adapters.pictures import Picture
from jewelrymodel.support.categories import WANTED
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_states import wait_for_sender
from jewelrymodel.support.operations.damage_claims import DamageClaim, claim_damage
from jewelrymodel.support.operations.sender_confirmation import CONFIRMATION_REQUEST
from jewelrymodel.support.operations.timeline import add_entry
from jewelrymodel.support.rules import business_days
from jewelrymodel.support.statuses import Channel, EntryKind


@dataclass(frozen=True)
class Opening:
    """What a new case is about. *check* (name, subject) is set for what we found ourselves.

    *lacks* are the clauses of 7.1 to 7.5 that are still to be named. *settled*: the self-check
    decides it in the same moment, so there is nothing to acknowledge. *mail_id*: what was read.
    *damage*: the images that it calls visibly damaged; *consents_to_example*: they may test our
    check. An *explanation* that is lazy is one of ours: it is written in the account's language.
    *is_taken_up*: a person of ours said that it is a request, so it doesn't wait for its sender.
    *acknowledgement*: what it is answered with at once, in place of the ordinary words.
    """

    account_id: str | None
    email: str
    identity_level: int
    channel: Channel
    category: str
    subject: Subject
    explanation: str | Promise
    pictures: tuple[Picture, ...] = ()
    check: tuple[str, str] = ("", "")
    lacks: tuple[str, ...] = ()
    settled: bool = False
    mail_id: str = ""
    damage: tuple[DamageClaim, ...] = ()
    consents_to_example: bool = False
    is_taken_up: bool = False
    acknowledgement: str = ""

    @property
    def is_unproven(self) -> bool:
        """Whether somebody wrote who showed by nothing that the address is theirs (edge 7)."""
        return self.account_id is None and self.channel in (Channel.MAIL, Channel.FORM)

    @property
    def waits_for_sender(self) -> bool:
        """Whether no clock runs until its sender proves that the address is theirs."""
        return self.is_unproven and self.identity_level == 0 and not self.is_taken_up


def outage_explanation(minutes: int) -> Promise:
    """Return what a case about an outage of so many minutes says, for its ``Opening``."""
    words = ngettext_lazy(
        "An outage took {n} minute of this billing period.",
        "An outage took {n} minutes of this billing period.",
        minutes,
    )
    return format_lazy(words, n=minutes)


@transaction.atomic
def open_case(*, opening: Opening, now: datetime) -> Case:
    """Return the new case, acknowledged by mail; a finding that has one already returns that.

    The acknowledgement says what 6.5 says, until when we answer, and what is missing by name.
    """
    name, finding_key = opening.check
    if name:
        known = Case.objects.filter(check_name=name, check_subject=finding_key).first()
        if known is not None:
            return known
    days = terms.in_force(now).review_within_business_days
    case = Case.objects.create(
        id=new_id("case", now=now),
        number=next_number(),
        account_id=opening.account_id,
        email=opening.email,
        identity_level=opening.identity_level,
        channel=opening.channel,
        category=opening.category,
        subject_kind=opening.subject.kind,
        subject_id=opening.subject.id,
        thread_key=secrets.token_hex(6),
        check_name=name,
        check_subject=finding_key,
        opened_at=now,
        due_at=business_days.due_at(now, days),
        calendar=business_days.CALENDAR,
    )
    if opening.waits_for_sender:
        wait_for_sender(case, now)
    claim_damage(case, opening.damage, consents=opening.consents_to_example, now=now)
    asked = not name and not opening.settled
    machine = Actor.system("reconcilers" if name else "self-check")
    add_entry(
        case,
        EntryKind.MESSAGE_IN if asked else EntryKind.EVENT,
        _explanation(opening),
        author=CUSTOMER if asked else machine,
        pictures=opening.pictures,
        mail_id=opening.mail_id,
        now=now,
    )
    if asked:
        add_entry(
            case,
            EntryKind.MESSAGE_OUT,
            opening.acknowledgement or _acknowledgement(case, opening, days),
            author=CONFIRMATION_REQUEST if opening.is_unproven else Actor.system("acknowledgement"),
            mail=True,
            now=now,
        )
    return case


def _explanation(opening: Opening) -> str:
    with languages.speaking(accounts.language_of(account_id=opening.account_id or "")):
        return str(opening.explanation)


def _acknowledgement(case: Case, opening: Opening, days: int) -> str:
    wanted = [(clause, WANTED[clause]) for clause in opening.lacks]
    with languages.speaking(accounts.language_of(account_id=case.account_id or "")):
        due = formats.deadline(case.due_at, business_days.ZONE)
        context = {
            "case": case,
            "due": due,
            "days": days,
            "wanted": wanted,
            "is_unproven": opening.is_unproven,
            "waits_for_sender": opening.waits_for_sender,
        }
        return render_to_string("support/acknowledgement.txt", context)


def next_number() -> int:
    """Return the number of the next case; one that is never used is a gap."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('support_case_number')")
        return int(cursor.fetchone()[0])
