"""Every mail of ours is composed in one place: what a program writes has no return path there."""

import re

from tests.support.tree import SOURCE

MADE = re.compile(
    r"(?<!class )(?<!def )(?<!super\(\)\.)\b(OutgoingMail|EmailMessage|EmailMultiAlternatives"
    r"|send_mail|send_mass_mail|mail_admins|mail_managers)\("
)
COMPOSED = "infra/mail.py"
ARRIVES = "demo/troubles.py"  # the demo's mail *to* us: what somebody else wrote


def test_no_mail_is_made_beside_the_one_place() -> None:
    made = {
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if MADE.search(path.read_text())
    }
    assert made == {COMPOSED, ARRIVES}
