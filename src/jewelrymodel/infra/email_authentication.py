"""What our own mail server found out about a sender: Authentication-Results (RFC 8601), DMARC."""

import re
from enum import StrEnum

from jewelrymodel.infra import email_parser

_COMMENT = re.compile(r"\([^()]*\)")
_DMARC = re.compile(r"\bdmarc\s*=\s*([a-z]+)", re.IGNORECASE)


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
    first is its own; it removes forged ones, but a mailbox may be fed by another way in.
    """
    if not server:
        return SenderProof.UNKNOWN
    results = email_parser.heading(raw).get_all("Authentication-Results", [])
    for value in results:
        name, _, found = _COMMENT.sub(" ", str(value)).partition(";")
        if name.split()[:1] != [server]:
            continue
        verdict = _DMARC.search(found)
        return _VERDICTS.get(verdict[1].lower() if verdict else "", SenderProof.UNKNOWN)
    return SenderProof.UNKNOWN


_VERDICTS = {"pass": SenderProof.PASSED, "fail": SenderProof.FAILED}
