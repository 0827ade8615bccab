import re

from django.core.mail import EmailMessage

PASSWORD = "four-prongs-hold-it"


def link_in(letter: EmailMessage) -> str:
    """Return the path of the first address in *letter*."""
    found = re.search(r"http://[^/\s]+(/\S+)", str(letter.body))
    assert found
    return found.group(1)
