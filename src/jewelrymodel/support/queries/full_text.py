"""Cases and emails by the words in them, newest first: PostgreSQL's own index of words (0021).

A search reads like that of a web search engine: words, "a phrase", -without, this or that.
"""

import re
from dataclasses import dataclass

from django.db import connection

from jewelrymodel.support.models import Case, InboundEmail

_CASES = """
SELECT coalesce(own.merged_into_id, own.id) AS shown_in, max(entry.id), count(*) OVER ()
  FROM support_case_entry AS entry
  JOIN support_case AS own ON own.id = coalesce(entry.moved_to_id, entry.case_id)
  JOIN support_case AS shown ON shown.id = coalesce(own.merged_into_id, own.id)
 WHERE entry.words @@ websearch_to_tsquery('simple', %(text)s)
   AND (%(state)s = '' OR shown.state = %(state)s)
   AND (%(category)s = '' OR shown.category = %(category)s)
 GROUP BY shown_in ORDER BY max(entry.id) DESC LIMIT %(limit)s OFFSET %(offset)s
"""
_EXCERPTS = """
SELECT id, ts_headline('simple', left(text, 20000), websearch_to_tsquery('simple', %(text)s),
    'StartSel="\x01", StopSel="\x02", MaxFragments=1, MinWords=8, MaxWords=22'),
    left(text, 20000)
  FROM support_case_entry WHERE id = ANY(%(ids)s)
"""
_EMAILS = """
SELECT mail_id, count(*) OVER () FROM support_inbound_email
 WHERE case_id IS NULL AND words @@ websearch_to_tsquery('simple', %(text)s)
 ORDER BY received_at DESC, mail_id LIMIT %(limit)s
"""


_FOUND, _REST = "\x01", "\x02"
"""What the database puts before and after a word that was searched for."""


@dataclass(frozen=True)
class CaseWithWords:
    """A case that says what was searched for, and how its newest entry that does says it."""

    case: Case
    excerpt: list[tuple[str, bool]]
    """Pieces of the text, each with whether it is what was searched for; "…" where it is cut."""


@dataclass(frozen=True)
class CasesWithWords:
    """One page of them, and how many there are in all."""

    rows: list[CaseWithWords]
    total: int


@dataclass(frozen=True)
class EmailsWithWords:
    """The newest emails without a case that say it, and how many there are in all."""

    rows: list[InboundEmail]
    total: int


def cases_with_words(
    *, text: str, state: str = "", category: str = "", offset: int = 0, limit: int
) -> CasesWithWords:
    """Return the cases in which *text* was written, by anybody, whose newest such entry is newest.

    Three questions to the database, however many there are. An *offset* beyond the last returns
    none, and a total of 0.
    """
    words = _searchable(text)
    params: dict[str, str | int] = {
        "text": words,
        "state": state,
        "category": category,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CASES, params)
        found = cursor.fetchall()
        cursor.execute(_EXCERPTS, {"text": words, "ids": [row[1] for row in found]})
        excerpts = {row[0]: _pieces(row[1], row[2]) for row in cursor.fetchall()}
    cases = Case.objects.select_related("account").in_bulk([row[0] for row in found])
    rows = [CaseWithWords(cases[pk], excerpts[entry]) for pk, entry, _n in found]
    return CasesWithWords(rows, found[0][2] if found else 0)


def emails_with_words(*, text: str, limit: int) -> EmailsWithWords:
    """Return the emails without a case that have *text* in subject, sender or body, newest first.

    Of an email that came before its text was kept (0021), only subject and sender are known.
    """
    with connection.cursor() as cursor:
        cursor.execute(_EMAILS, {"text": _searchable(text), "limit": limit})
        found = cursor.fetchall()
    emails = InboundEmail.objects.in_bulk([row[0] for row in found])
    return EmailsWithWords([emails[row[0]] for row in found], found[0][1] if found else 0)


def _pieces(headline: str, text: str) -> list[tuple[str, bool]]:
    """A headline in pieces: what stands between _FOUND and _REST was searched for."""
    headline, whole = (re.sub(r"\s+", " ", one).strip() for one in (headline, text))
    plain = headline.replace(_FOUND, "").replace(_REST, "")
    pieces = [
        (piece, marker == _FOUND)
        for marker, piece in re.findall(f"([{_FOUND}{_REST}]?)([^{_FOUND}{_REST}]+)", headline)
    ]
    if not plain:  # of the beginning, which the database excerpts, nothing is a word
        return [("…", False)]
    before_it, known, after_it = whole.partition(plain)  # the database leaves tags and periods away
    before = [("… ", False)] if not known or re.search(r"\w", before_it) else []
    after = [(" …", False)] if not known or re.search(r"\w", after_it) else []
    return [*before, *pieces, *after]


def _searchable(text: str) -> str:
    return text.replace("\x00", " ")
