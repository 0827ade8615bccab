#!/bin/sh
# Finding: imap-tools gives the words of an attached mail as the sender's own, glued to them.
#
# One would guess:  `MailMessage.text` is what the sender wrote; an attached mail is among
#                   `attachments` and nowhere else. Several text parts stand apart, as programs show.
# Seen:             the text parts of the message and of the mail attached to it are joined, with
#                   nothing between them: the parts "order 1" and "5 credits" read "order 15 credits".
#                   The attached mail is among the attachments as well.
# Version:          imap-tools 1.16.0, Python 3.11.
# Whom it hurts:    who searches customers' mail for orders or wishes: a forwarded letter of the shop
#                   speaks as the customer, and the first word of a part runs into the last of the
#                   one before (an order's number becomes another).
# Source:           imap_tools/message.py, MailMessage.text; RFC 2046, 5.2.1 (message/rfc822) and
#                   5.1.3 (parts of multipart/mixed are independent).
# Exit status:      0 while it is so, 1 once it has changed. Run by hand; no test runs it.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check imap-tools==1.16.0
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from email.message import EmailMessage
from importlib.metadata import version

from imap_tools import MailMessage

letter = EmailMessage()
letter["From"], letter["Subject"] = "shop@store.example", "Your request"
letter.set_content("Refund order 7")
mail = EmailMessage()
mail["From"], mail["Subject"] = "ida@rings.example", "About order 1"
mail.set_content("I want no refund of order 1")
mail.add_attachment("5 credits are missing", disposition="inline")
mail.add_attachment(letter)

read = MailMessage.from_bytes(mail.as_bytes().replace(b"\n", b"\r\n"))
text = "".join(read.text.split("\r\n"))
print(f"imap-tools {version('imap-tools')}: {read.text!r}")
print(f"  attachments: {[one.content_type for one in read.attachments]}")
bare = MailMessage.from_bytes(
    b"Content-Type: multipart/mixed; boundary=p\r\n\r\n"
    b"--p\r\nContent-Type: text/plain\r\n\r\norder 1\r\n"
    b"--p\r\nContent-Type: text/plain\r\n\r\n5 credits\r\n--p--\r\n"
)
print(f"  two parts, 'order 1' and '5 credits': {bare.text!r}")
is_so = "Refund order 7" in text and bare.text == "order 15 credits"
print("still so" if is_so else "changed")
sys.exit(0 if is_so else 1)
PYTHON
