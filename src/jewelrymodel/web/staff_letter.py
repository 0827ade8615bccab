"""What somebody new at the desk is written: a link to choose a password, and where to sign in."""

from django.conf import settings

from jewelrymodel.accounts.models import StaffMember
from jewelrymodel.web.auth_adapters import password_reset_link

_TEXT = """You now work at the desk of {brand}, as {role}. Choose your password here:

{link}

The link works once, and for three days. Then sign in at {site}/account/login/ with {email}."""


def subject() -> str:
    """Return the subject of the letter."""
    return f"Your place at the desk of {settings.BRAND}"


def letter(member: StaffMember) -> tuple[str, str]:
    """Return the text of the letter, and the link that it holds."""
    link = password_reset_link(member.user)
    text = _TEXT.format(
        brand=settings.BRAND,
        role=member.get_role_display().lower(),
        link=link,
        site=settings.PUBLIC_URL,
        email=member.user.email,
    )
    return text, link
