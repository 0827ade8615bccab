"""What the desk's search finds by words: requests and email in which somebody wrote them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.functional import Promise

from jewelrymodel.support import queries
from jewelrymodel.support.models import InboundEmail
from jewelrymodel.support.queries import CaseWithWords
from jewelrymodel.support.statuses import CaseState
from jewelrymodel.web.desk.category_labels import CATEGORY_LABELS, category_label
from jewelrymodel.web.desk.queue import STATUS_LABELS

ROWS, EMAILS, _PAGES = 20, 20, 5_000


@dataclass(frozen=True)
class FoundRequest:
    """A request that was found: its category and status in words, and what it says."""

    found: CaseWithWords
    category: str | Promise
    status: str | Promise


@dataclass(frozen=True)
class WordsFound:
    """One page of requests, the newest emails without one, and the filters with their choices."""

    page: "Page[int]"
    requests: list[FoundRequest]
    emails: list[InboundEmail]
    emails_total: int
    state: str
    category: str
    states: list[tuple[str, str | Promise]]
    categories: list[tuple[str, str | Promise]]

    @property
    def has_any(self) -> bool:
        """Whether anything says these words."""
        return bool(self.requests or self.emails)


def words_found(asked: Mapping[str, Any], text: str) -> WordsFound:
    """Return what says *text*, of the page and by the filters that were *asked* for."""
    states = {one.value: label for one, label in STATUS_LABELS.items()}
    categories = {one.value: label for one, label in CATEGORY_LABELS.items()}
    state = asked.get("state", "") if asked.get("state") in states else ""
    category = asked.get("category", "") if asked.get("category") in categories else ""
    number = _page_number(asked.get("page", ""))

    def of(number: int) -> queries.CasesWithWords:
        return queries.cases_with_words(
            text=text, state=state, category=category, offset=(number - 1) * ROWS, limit=ROWS
        )

    found = of(number)
    if number > 1 and not found.rows:
        number, found = 1, of(1)
    emails = queries.emails_with_words(text=text, limit=EMAILS)
    return WordsFound(
        Paginator(range(found.total), ROWS).get_page(number),
        [
            FoundRequest(
                one, category_label(one.case.category), STATUS_LABELS[CaseState(one.case.state)]
            )
            for one in found.rows
        ],
        emails.rows,
        emails.total,
        state,
        category,
        list(states.items()),
        list(categories.items()),
    )


def _page_number(text: str) -> int:
    return min(max(int(text), 1), _PAGES) if text.isascii() and text.isdigit() else 1
