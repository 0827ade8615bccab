#!/bin/sh
# Finding: aiosmtpd's LMTP answers the end of a mail once, however many recipients it has.
#
# One would guess:  its LMTP class answers DATA once for each recipient, as LMTP asks (RFC 2033, 4.2);
#                   nothing in its documentation says that a handler has to.
# Seen:             one answer for two recipients. The client waits for the second, and takes the
#                   answer to its next command for it, so a mail that was refused may count as
#                   delivered. A mail that is too large is answered once too, and no handler is asked.
# Version:          aiosmtpd 1.4.6, Python 3.11.
# Whom it hurts:    whoever puts it behind Postfix or Exim for more than one recipient at a time.
# Source:           RFC 2033, 4.2; aiosmtpd/lmtp.py (LHLO only), smtp.py, smtp_DATA.
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
from aiosmtpd.lmtp import LMTP


class Keeps:
    """Takes every mail."""

    async def handle_DATA(self, server, session, envelope):
        return "250 Kept"


class Server(Controller):
    """Speaks LMTP."""

    def factory(self):
        return LMTP(self.handler, loop=self.loop)


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
server = Server(Keeps(), hostname="127.0.0.1", port=port)
server.start()
answers = 0
with smtplib.LMTP("127.0.0.1", port, timeout=2) as client:
    client.ehlo("here")
    client.docmd("MAIL FROM:<shop@example.test>")
    for name in ("desk", "support"):
        client.docmd(f"RCPT TO:<{name}@example.test>")
    client.docmd("DATA")
    client.send(b"Subject: Ring\r\n\r\nWhere is it?\r\n.\r\n")
    try:
        while answers < 2:
            client.getreply()
            answers += 1
    except (OSError, smtplib.SMTPException):
        pass
    client.close()
server.stop()
print(f"aiosmtpd {version('aiosmtpd')}: {answers} answer(s) for 2 recipients")
print("still so" if answers == 1 else "changed")
sys.exit(0 if answers == 1 else 1)
PYTHON
