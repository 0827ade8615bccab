"""A message by the contact form: a request like one that came by email, its sender unproven."""

from datetime import datetime

from jewelrymodel.infra.locks import locked_in_transaction
from jewelrymodel.remedies.assessments import Subject, SubjectKind
from jewelrymodel.support.categories import Category
from jewelrymodel.support.models import Case
from jewelrymodel.support.operations.case_opening import Opening, open_case
from jewelrymodel.support.operations.conversation import receive_message
from jewelrymodel.support.operations.unproven_requests import note_unproven, unproven_request
from jewelrymodel.support.statuses import Channel


def open_contact(*, email: str, text: str, now: datetime) -> Case:
    """Return the case that a message opens, acknowledged by email, or today's that it adds to.

    Nobody proved that the address is theirs, so no account is linked until its owner follows the
    link in the email that asks for it; and that is asked for once a day at most.
    """
    with locked_in_transaction(f"contact of {email.lower()}"):
        earlier = unproven_request(address=email, now=now)
        if earlier is not None:
            receive_message(case_id=earlier.pk, text=text, now=now)
            note_unproven(earlier, now)
            return earlier
        return open_case(
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
