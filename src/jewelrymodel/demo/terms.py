"""The demo's second edition of the refund policy: invented, and dated within the demo's story.

It is the shipped edition with the changes named here, so that the page can show what changed.
"""

import re
from datetime import date, timedelta

from jewelrymodel.catalog import operations as catalog
from jewelrymodel.catalog import terms
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.policy.edition_reader import read_edition

_CHANGES = (
    (r"^restates = .*\n", ""),
    (r'^reason = "legal"$', 'reason = "packaging"'),
    (
        r"^reason_text = .*$",
        'reason_text = "Invented for the demo: an outage counts sooner, and more of what was used '
        'from a duplicate is written off."',
    ),
    (r"(?<=^\[parameters\.meaningful_outage_minutes\]\nvalue = )60$", "45"),
    (r"(?<=^\[parameters\.duplicate_writeoff_credits\]\nvalue = )50$", "80"),
    (
        r"^Images made by a machine vary\. ",
        "Images made by a machine vary from one to the next, also of one and the same piece. ",
    ),
)


class EditionDrifted(Exception):
    """The shipped edition no longer has the words that the demo's edition changes."""


def publish(*, on: date) -> None:
    """Publish the demo's edition, dated *on*, on the day before it.

    Raises EditionDrifted, and EditionRefused where the changed text doesn't hold together.
    """
    text = terms.editions()[-1].source_text
    for pattern, words in (*_dates(on), *_CHANGES):
        text, replacements = re.subn(pattern, words, text, flags=re.MULTILINE)
        if replacements != 1:
            raise EditionDrifted(f"the shipped edition doesn't have {pattern!r} once")
    edition = read_edition(f"{on.isoformat()}.md", text.encode(), terms.names())
    eve = edition.starts_at - timedelta(days=1)
    catalog.publish_edition(edition=edition, actor=Actor.system("demo"), now=eve)


def _dates(on: date) -> tuple[tuple[str, str], ...]:
    names = ("edition", "effective_from")
    return tuple((rf"(?<=^{name} = )\d{{4}}-\d\d-\d\d$", on.isoformat()) for name in names)
