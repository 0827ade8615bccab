#!/bin/sh
# Finding: a mail without a return path reaches aiosmtpd's handlers as the two characters `<>`.
#
# One would guess:  `MAIL FROM:<>` (every bounce and most automatic answers) gives an empty
#                   `envelope.mail_from`, since any other sender comes without its brackets.
# Seen:             `<>` for the null sender, `shop@example.test` for `<shop@example.test>`: a test for
#                   emptiness is never true, and a bounce looks like mail from somebody.
# Version:          aiosmtpd 1.4.6, Python 3.11.
# Whom it hurts:    help desks and lists: an automatic answer to a bounce bounces again, without end.
# Source:           RFC 5321, 4.5.5 (null reverse-path); aiosmtpd/smtp.py, smtp_MAIL.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check aiosmtpd==1.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import smtplib
import socket
import sys
from importlib.metadata import version

from aiosmtpd.controller import Controller

senders = []


class Keeps:
    """Keeps the sender of each mail."""

    async def handle_DATA(self, server, session, envelope):
        senders.append(envelope.mail_from)
        return "250 OK"


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
controller = Controller(Keeps(), hostname="127.0.0.1", port=port)
controller.start()
with smtplib.SMTP("127.0.0.1", port) as client:
    for sender in ("", "shop@example.test"):
        client.sendmail(sender, ["desk@example.test"], "Subject: Undelivered\r\n\r\nNo such box\r\n")
controller.stop()
print(f"aiosmtpd {version('aiosmtpd')}: the null sender is {senders[0]!r}, another {senders[1]!r}")
is_so = senders == ["<>", "shop@example.test"]
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
