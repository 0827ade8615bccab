"""What other mail systems send when a mail of ours can't be delivered, in the shapes they use."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings

DAEMON = "MAILER-DAEMON@mx.else.example"
_REPORT = """From: Mail Delivery System <{sender}>
To: {support}
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report;
\treport-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.else.example
X-Postfix-Queue-ID: 4F2A

Final-Recipient: rfc822; {to}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 No such user here

--b
Content-Type: {part}

{back}
--b--
"""


def shapes(raw: bytes, to: str) -> dict[str, tuple[bytes, str]]:
    """Return the returned mail *raw* as each system sends it: its source and its return path."""
    return {
        "Postfix, whole mail back": (report(raw, to), ""),
        "Exchange, headers back": (report(raw, to, whole=False, sender="postmaster@b.example"), ""),
        "with a return path": (report(raw, to), "bounces@mx.else.example"),
        "Exim": (_exim(raw, to), DAEMON),
        "qmail": (_qmail(raw, to), ""),
    }


def responses(raw: bytes, to: str) -> dict[str, tuple[bytes, str]]:
    """Return what programs answer to *raw* while its reader is away: source and return path."""
    rows = {
        "Outlook": ("Automatic reply: {}", {"X-Auto-Response-Suppress": "All"}, to),
        "Exchange, German": ("Automatische Antwort: {}", {"Auto-Submitted": "auto-generated"}, ""),
        "vacation of Debian": ("Re: {}", {"Auto-Submitted": "auto-replied (vacation)"}, ""),
        "Gmail": ("Away Re: {}", {"Precedence": "bulk", "X-Autoreply": "yes"}, to),
        "Sieve": ("Auto: {}", {"Auto-Submitted": "auto-replied (sieve)"}, ""),
        "Outlook, French, no headers": ("Réponse automatique : {}", {}, to),
    }
    ours = message_from_bytes(raw)
    answers = {}
    for name, (subject, headers, sender) in rows.items():
        answer = EmailMessage()
        answer["From"], answer["To"] = to, settings.SUPPORT_EMAIL
        answer["Subject"] = subject.format(" ".join(str(ours["Subject"]).split()))
        answer["In-Reply-To"] = answer["References"] = str(ours["Message-ID"]).strip()
        for header, value in headers.items():
            answer[header] = value
        answer.set_content("I am away until Monday and will answer then.")
        answers[name] = (answer.as_bytes(policy=SMTP), sender)
    return answers


def report(
    raw: bytes, to: str, *, whole: bool = True, sender: str = DAEMON, action: str = "failed"
) -> bytes:
    """Return a report of RFC 3464, with the mail or its headers in it."""
    lines = raw.decode("utf-8", "replace").replace("\r\n", "\n")
    part = "message/rfc822" if whole else "text/rfc822-headers"
    source = _REPORT.format(
        sender=sender,
        support=settings.SUPPORT_EMAIL,
        to=to,
        action=action,
        part=part,
        back=lines if whole else lines.partition("\n\n")[0],
    )
    return source.replace("\n", "\r\n").encode()


def _exim(raw: bytes, to: str) -> bytes:
    message = _notice("Mail delivery failed: returning message to sender")
    message["X-Failed-Recipients"] = to
    message.set_content(
        "This message was created automatically by mail delivery software.\n\n"
        f"  {to}\n    SMTP error from remote mail server after RCPT TO: 550 unknown user\n\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{_text(raw)}"
    )
    return message.as_bytes(policy=SMTP)


def _qmail(raw: bytes, to: str) -> bytes:
    message = _notice("failure notice")
    message.set_content(
        "Hi. This is the qmail-send program at mx.else.example.\n\n"
        f"<{to}>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        f"--- Below this line is a copy of the message.\n\n{_text(raw)}"
    )
    return message.as_bytes(policy=SMTP)


def _notice(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = DAEMON, settings.SUPPORT_EMAIL, subject
    return message


def _text(raw: bytes) -> str:
    back = message_from_bytes(raw)
    headers = "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in back.items())
    return f"{headers}\n\n(the rest of it)"
