"""A message by the contact form: a request like one that came by email, its sender unproven."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.sender_confirmation import request_confirmation
from jewelrymodel.support.statuses import Channel


def open_contact(*, email: str, text: str, now: datetime) -> Case:
    """Return the case that a message opens, acknowledged by email.

    Nobody proved that the address is theirs, so no account is linked until its owner follows the
    link in the email that asks for it.
    """
    with transaction.atomic():
        case = open_case(
            opening=Opening(
                account_id=None,
                email=email.lower(),
                identity_level=0,
                channel=Channel.FORM,
                category=Category.OTHER,
                subject=Subject(SubjectKind.ACCOUNT, ""),
                explanation=text,
            ),
            now=now,
        )
        request_confirmation(case, now)
    return case
