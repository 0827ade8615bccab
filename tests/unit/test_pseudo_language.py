"""The pseudo-language shows what isn't translated, and which form of a plural is said."""

import re
from pathlib import Path

import pytest
from babel import Locale
from django.utils import translation
from django.utils.translation import gettext, ngettext, npgettext
from tools import messages

from tests.support import pseudo

NO_DATA = re.compile(r"(?!)")


def test_only_what_the_german_catalogs_say_is_accented() -> None:
    with pseudo.spoken(), translation.override("de"):
        assert pseudo.untranslated([gettext("Billing")], data=NO_DATA) == []
        assert pseudo.untranslated([gettext("Nobody says this.")], data=NO_DATA)
    with translation.override("de"):
        assert pseudo.untranslated([gettext("Billing")], data=NO_DATA), "German is there again"


def test_what_a_program_reads_in_a_sentence_keeps_its_letters() -> None:
    said = 'On %(day)s {order} <a href="/billing">%% &amp; https://example.org/x'
    kept = '%(day)s {order} <a href="/billing">%% &amp; https://example.org/x'
    assert pseudo.accented(said) == f"Óń {kept}"


def test_a_page_is_read_but_for_what_says_that_it_is_english() -> None:
    page = (
        '<main lang="de"><p title="a">b<br>c</p><q lang="en">no <b>no</b></q>'
        '<script>no</script><input type="submit" value="d">'
        '<input value="no" placeholder="e"></main>'
    )
    assert pseudo.shown(page) == ["a", "b", "c", "d", "e"]


@pytest.mark.parametrize("path", messages.catalogs(), ids=lambda path: path.parts[-3])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 21])
def test_a_number_takes_its_own_form_of_every_plural(path: Path, n: int) -> None:
    """Which form that is CLDR says: German has one for 1 only, French for 0 too."""
    language = path.parts[-3]
    form = 0 if Locale(language).plural_form(n) == "one" else 1
    plurals = [one for one in messages.read(path) if isinstance(one.id, tuple) and one.string[1]]
    assert plurals
    with translation.override(language):
        for one in plurals:
            assert npgettext_of(one.context, *one.id, n) == one.string[form]


def npgettext_of(context: str | None, singular: str, plural: str, n: int) -> str:
    return npgettext(context, singular, plural, n) if context else ngettext(singular, plural, n)
