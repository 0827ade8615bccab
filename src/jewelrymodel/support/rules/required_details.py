"""What a request has to say before it can be decided (7.1 to 7.5)."""

import re

from jewelrymodel.support.categories import ABOUT_A_TASK

_TIME = re.compile(r"\d{1,2}[:.]\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.")


def missing_details(
    *, category: str, order: str, task: str, explanation: str, has_proof: bool
) -> list[str]:
    """Return which of the inputs 7.1 to 7.5 a request of this kind still lacks, by clause."""
    lacks = {
        "7.2": category not in ABOUT_A_TASK and not order,
        "7.3": category in ABOUT_A_TASK and not task,
        "7.4": len(explanation.split()) < 2,
        "7.5": category == "outage" and not has_proof and not _TIME.search(explanation),
    }
    return [clause for clause, lacking in lacks.items() if lacking]
