#!/bin/sh
# Finding: a mail without a date that imap-tools can read is 126 years old, and its dates can't be
# compared with each other.
#
# One would guess:  `MailMessage.date` is None for a mail without a Date, and else always an aware
#                   instant (or always a naive one).
# Seen:             1900-01-01 00:00, naive, where the header is missing or written as ISO 8601. A
#                   date with the zone -0000 (RFC 5322: UTC, where it was sent is not said) is naive,
#                   every other aware. `max(dates)` raises TypeError as soon as both kinds are there.
# Version:          imap-tools 1.16.0, Python 3.11.
# Whom it hurts:    who counts days for an answer from the date of a request, or sorts a mailbox.
# Source:           imap_tools/utils.py, parse_email_date; RFC 5322, 3.3.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check imap-tools==1.16.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

from imap_tools import MailMessage

HEADERS = {
    "none": b"",
    "ISO 8601": b"Date: 2026-11-30T10:00:00Z\r\n",
    "zone -0000": b"Date: Mon, 30 Nov 2026 10:00:00 -0000\r\n",
    "zone +0000": b"Date: Mon, 30 Nov 2026 10:00:00 +0000\r\n",
}
dates = {
    name: MailMessage.from_bytes(header + b"From: ida@rings.example\r\n\r\nHello").date
    for name, header in HEADERS.items()
}
print(f"imap-tools {version('imap-tools')}")
for name, date in dates.items():
    print(f"  {name}: {date} ({'aware' if date.tzinfo else 'naive'})")
try:
    max(dates.values())
    compared = True
except TypeError as error:
    print(f"  max of them: {error}")
    compared = False
is_so = (
    [date.year for date in dates.values()] == [1900, 1900, 2026, 2026]
    and [bool(date.tzinfo) for date in dates.values()] == [False, False, False, True]
    and not compared
)
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
