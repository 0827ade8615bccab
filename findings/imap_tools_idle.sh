#!/bin/sh
# Finding: imap-tools' `idle.wait` misses what a server says together with its consent to IDLE.
#
# One would guess:  IDLE tells of a mail at once, also of one that came just before it was asked for:
#                   the server has it in its answer (RFC 2177: untagged responses may follow at once).
# Seen:             `+ idling` and `* 1 EXISTS` come in one packet. The library reads the first line
#                   through a buffer and then polls the socket, which has nothing left to say: it
#                   returns an empty list after the whole timeout. Dovecot 2.3 answers so each time.
# Version:          imap-tools 1.16.0, Python 3.11 (imaplib reads through a BufferedReader).
# Whom it hurts:    whoever looks (SEARCH), then waits: mail between the two lies until the timeout.
# Source:           RFC 2177, 3; imap_tools/idle.py, IdleManager.poll.
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check imap-tools==1.16.0
"$folder/venv/bin/python" - <<'PYTHON'
import socket
import sys
import threading
from importlib.metadata import version

from imap_tools import MailBoxUnencrypted

SAYS = {
    b"CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n",
    b"SELECT": b"* 0 EXISTS\r\n",
    b"LOGOUT": b"* BYE\r\n",
}


def serve(listening):
    """Answer one client; a mail comes just before it waits."""
    connection, _ = listening.accept()
    lines = connection.makefile("rb")
    connection.sendall(b"* OK ready\r\n")
    for line in lines:
        tag, _, words = line.strip().partition(b" ")
        command = words.split(b" ")[0].upper()
        if command == b"IDLE":
            connection.sendall(b"+ idling\r\n* 1 EXISTS\r\n")
            lines.readline()
        connection.sendall(SAYS.get(command, b"") + tag + b" OK done\r\n")


with socket.create_server(("127.0.0.1", 0)) as listening:
    threading.Thread(target=serve, args=(listening,), daemon=True).start()
    with MailBoxUnencrypted("127.0.0.1", listening.getsockname()[1]) as box:
        box.login("somebody", "secret")
        told = box.idle.wait(timeout=2)
print(f"imap-tools {version('imap-tools')}: of a mail that has come, two seconds of IDLE tell {told}")
is_so = told == []
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
