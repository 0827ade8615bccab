"""How an email names what it is about: a case by tag or Message-ID, an order by number."""

import re
from collections.abc import Collection

_HYPHEN = r"[-\u2010\u2011\u2012\u2013]"  # mail programs put in other ones, or wrap the line there
_ORDER = re.compile(
    rf"(?<![a-z0-9])JM\s?{_HYPHEN}?\s?0*(\d{{1,9}})(?![a-z0-9]|{_HYPHEN}\d)", re.IGNORECASE
)
_NUMBERED = re.compile(
    r"\b(?:orders?|bestellung|auftrag|commande|pedido|encomenda|ordine|bestelling)\s{1,2}"
    r"(?:es el |é o |est le )?"
    r"(?:(?:number|no|nr|num|nummer|numéro|número|numero)\b\.?:?\s?|n\s?[.°ºo]{1,3}\s?|#\s?)?"
    rf"0*(\d{{1,6}})\b(?![.,/]?\d|{_HYPHEN}\d|\s?(?:\$|€|£|%|USD|EUR))",
    re.IGNORECASE,
)
"""A number after the word for an order, in the languages of our pages and two more; not a price, a
date, or the longer number of another shop.
"""
_TAG = re.compile(r"\[(?:REQ|R)-(\d{1,9})-([A-Za-z0-9_-]{8,40})\]")  # R-: in older emails
_MESSAGE_ID = re.compile(r"<([A-Za-z0-9_-]{8,40})\.(\d{1,18})@([^<>@\s]+)>")
_REPLY = re.compile(
    r"^(?:\s*(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv|rif|enc|odp)\s*(?:\[\d+\])?:)+", re.IGNORECASE
)


def order_number(text: str) -> int | None:
    """Return the first order number that a text names: like JM-000123, else like "order 123"."""
    match = _ORDER.search(text) or _NUMBERED.search(text)
    return int(match[1]) if match else None


def order_numbers(text: str) -> tuple[int, ...]:
    """Return every order number that a text names, each once, as order_number reads them."""
    found = _ORDER.findall(text) + _NUMBERED.findall(text)
    return tuple(dict.fromkeys(map(int, found)))


def tag(number: int, key: str) -> str:
    """Return what the subjects of our emails carry, so that a reply finds its case."""
    return f"[REQ-{number}-{key}]"


def email_subject(brand: str, about: str, tagged: str) -> str:
    """Return the subject of an email about a request; a reply's is this one after "Re:"."""
    return f"{brand}: {about} {tagged}"


def text_beside_tag(text: str, brand: str, ours: Collection[str]) -> str:
    """Return what a reply's subject says besides *ours*; empty where it only answers."""
    without = _TAG.sub(" ", text)
    for about in ours:
        without = without.replace(f"{brand}: {about}", " ")
    left = " ".join(_REPLY.sub("", " ".join(without.split())).split())
    return left.strip(" :-–")


def is_reply(subject: str) -> bool:
    """Return whether a subject says that its email answers another one, or passes it on."""
    return _REPLY.match(subject) is not None


def read_tag(subject: str) -> tuple[int, str] | None:
    """Return the case number and key that a subject carries; None where it carries none."""
    match = _TAG.search(subject)
    return (int(match[1]), match[2]) if match else None


def message_id(*, key: str, entry_id: int, domain: str) -> str:
    """Return the Message-ID of one of our emails: it names its case by its key, and its entry."""
    return f"<{key}.{entry_id}@{domain}>"


def read_message_id(header: str, *, domain: str) -> tuple[str, int] | None:
    """Return the key and the entry that a Message-ID of ours names; None for one of others'."""
    match = _MESSAGE_ID.fullmatch(header.strip())
    if match is None or match[3].lower() != domain.lower():
        return None
    return match[1], int(match[2])
