"""What the subject of an email about a request says that it is about, in every language."""

from functools import cache

from django.utils.translation import gettext, gettext_noop

from jewelrymodel.infra import languages

YOUR_ACCOUNT = gettext_noop("your account")
YOUR_REQUEST = gettext_noop("your request")


@cache
def in_every_language() -> frozenset[str]:
    """Return what such subjects say, in each language: what a reply's subject says of ours."""
    written = set[str]()
    for one in languages.LANGUAGES:
        with languages.speaking(one.code):
            written |= {gettext(YOUR_ACCOUNT), gettext(YOUR_REQUEST)}
    return frozenset(written)
