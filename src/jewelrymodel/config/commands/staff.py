"""``jewelrymodel staff``: who works at the desk. Whoever runs it may open the database as well."""

import argparse
import smtplib

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from jewelrymodel.accounts import operations, queries
from jewelrymodel.accounts.models import StaffMember
from jewelrymodel.accounts.roles import StaffRole
from jewelrymodel.config.commands import SHELL, machine_user
from jewelrymodel.infra import clock, mail
from jewelrymodel.web import staff_letter


class StaffUnchanged(Exception):
    """Nobody's right was changed; the message says why, and how to mend it."""


def run(options: argparse.Namespace) -> int:
    """Do what was asked for. Raises StaffUnchanged."""
    match options.what:
        case "add":
            add(options.email, StaffRole(options.role), options.name)
        case "end":
            end(options.email, even_the_last=options.force)
        case "sign-out":
            sign_out(options.email)
        case _:
            show()
    return 0


def add(email: str, role: StaffRole, name: str) -> None:
    """Let somebody in; who has no password gets a link to choose one, here and by mail."""
    try:
        validate_email(email)
    except ValidationError:
        raise StaffUnchanged(f"{email!r} is no email address") from None
    try:
        member = operations.add_staff(
            email=email,
            name=name,
            role=role,
            actor=SHELL,
            actor_label=machine_user(),
            now=clock.now(),
        )
    except operations.LastOperator:
        raise StaffUnchanged(f"{email} is the last operator; add another one first") from None
    print(f"{member.user.email} works at the desk as {member.role}.")
    if member.user.has_usable_password():
        print("They sign in with the password that they have.")
        return
    _invite(member)


def end(email: str, *, even_the_last: bool) -> None:
    """End somebody's right and sign them out everywhere."""
    member = queries.staff_named(email=email)
    if member is None:
        raise StaffUnchanged(f"nobody with the address {email} works here")
    try:
        operations.end_staff(
            user_id=member.user_id,
            actor=SHELL,
            actor_label=machine_user(),
            now=clock.now(),
            even_the_last=even_the_last,
        )
    except operations.NotStaff:
        raise StaffUnchanged(f"{email} works here no longer") from None
    except operations.LastOperator:
        raise StaffUnchanged(
            f"{email} is the last operator; add another one first, or say --force"
        ) from None
    print(f"{member.user.email} no longer works at the desk, and is signed out everywhere.")


def sign_out(email: str | None) -> None:
    """Sign somebody out everywhere, or everybody where *email* is None; rights stay."""
    people = operations.sign_out(
        email=email, actor=SHELL, actor_label=machine_user(), now=clock.real_now()
    )
    if not people:
        raise StaffUnchanged(f"nobody has the address {email}")
    print("Everybody is signed out." if email is None else f"{email} is signed out everywhere.")


def show() -> None:
    """Print everybody who works or worked at the desk, one line each."""
    members = queries.staff()
    if not members:
        print("Nobody works at the desk yet: jewelrymodel staff add EMAIL --role operator")
    for one in members:
        ended = f", ended {one.until_at:%Y-%m-%d %H:%M} UTC" if one.until_at else ""
        print(f"{one.user.email:<40} {one.role:<9} since {one.since_at:%Y-%m-%d}{ended}")


def _invite(member: StaffMember) -> None:
    email = member.user.email
    text, link = staff_letter.letter(member)
    print(f"They choose their password here, once, within three days:\n{link}")
    subject = staff_letter.subject()
    try:
        mail.compose(to=email, subject=subject, text=text).send()
    except (OSError, smtplib.SMTPException) as problem:
        print(f"The mail could not be sent ({problem}): hand the link over yourself.")
    else:
        print("It was mailed to them, too.")
