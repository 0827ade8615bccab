"""What our own mail server found out about a sender: Authentication-Results (RFC 8601), DMARC."""

import re
from enum import StrEnum

from jewelrymodel.infra import email_parser

_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_DMARC = re.compile(r"\s*dmarc\s*=\s*([a-z]+)", re.IGNORECASE)
_ASKS_NOTHING = re.compile(r"\b(?:p|dis)\s*=\s*none\b", re.IGNORECASE)


class SenderProof(StrEnum):
    """Whether the address in ``From`` is the sender's, by its own domain's policy (RFC 7489).

    UNKNOWN: no server of ours said so, or the domain has no policy.
    """

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


def sender_proof(raw: bytes, *, server: str) -> SenderProof:
    """Return what *server*, as it calls itself in these headers, says of the message *raw*.

    Each server puts its results above what it was given, so of several that bear its name only the
    first is its own; it removes forged ones, but a mailbox may be fed by another way in. A domain
    that asks for nothing (``p=none``) refuses nobody: a forwarder breaks its signature as well.
    """
    if not server:
        return SenderProof.UNKNOWN
    for value in email_parser.heading(raw).get_all("Authentication-Results", []):
        name, *results = _without_free_words(str(value)).split(";")
        if [one.casefold() for one in name.split()[:1]] != [server.casefold()]:
            continue
        verdict = next(filter(None, map(_DMARC.match, results)), None)
        proof = _VERDICTS.get(verdict[1].lower() if verdict else "", SenderProof.UNKNOWN)
        is_lenient = proof is SenderProof.FAILED and _ASKS_NOTHING.search(str(value))
        return SenderProof.UNKNOWN if is_lenient else proof
    return SenderProof.UNKNOWN


def _without_free_words(value: str) -> str:
    """A header without its quoted strings and comments: a stranger writes some of those words."""
    shorter = _QUOTED.sub(" ", value)
    while (less := _COMMENT.sub(" ", shorter)) != shorter:
        shorter = less
    return shorter


_VERDICTS = {"pass": SenderProof.PASSED, "fail": SenderProof.FAILED}
