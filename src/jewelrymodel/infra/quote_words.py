"""What mail programs write above an earlier mail, in the languages of their users.

Gmail, Outlook, Apple Mail, Yahoo, Thunderbird and webmailers in English, German, French, Spanish,
Portuguese, Italian, Dutch, Japanese and Korean, as their mails show it; some more by their headers.
"""

import re
from collections.abc import Iterable


def _header(names: Iterable[str]) -> re.Pattern[str]:
    """A header's line: bold in some programs, with a space before the colon in French."""
    return re.compile(rf"\s*\*?(?:{'|'.join(names)})\s?[:：]\*?(?:\s|$)")


# fmt: off
SENDER = _header((
    "From", "Von", "De", "Da", "Van", "Fra", "Från", "Od", "От", "差出人", "送信者", "보낸 ?사람",
))
SENT = _header((
    "Sent", "Date", "Gesendet", "Datum", "Envoyé", "Enviado(?: el)?", "Enviada em", "Data", "Fecha",
    "Inviato", "Verzonden", "送信日時", "日付", "보낸 ?날짜", "날짜",
))
SUBJECT = _header((
    "Subject", "Betreff", "Objet", "Sujet", "Asunto", "Assunto", "Oggetto", "Onderwerp", "Emne",
    "Ämne", "Temat", "Тема", "件名", "제목",
))
# fmt: on
RULE = re.compile(
    r"\s*-{2,} ?(?:Original Message|Forwarded message|Ursprüngliche Nachricht|Message d'origine"
    r"|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht"
    r"|元のメッセージ|원본 메시지) ?-{2,}\s*",
    re.IGNORECASE,
)
BEGINS = re.compile(
    r"(?:On|Am|Den|Le|El|Em|Il(?: giorno)?|Op)\s.{0,40}\d|\d{4}年|\d{4}\. ?\d|\d{4}-\d\d-\d\d"
)
"""How a line begins that says who wrote what follows, and when."""
ENDS = re.compile(
    r"(?:wrote|geschrieben|a écrit|escribió|escreveu|ha scritto|geschreven|작성|のメール)\s?[:：]$"
    r"|\s(?:schrieb|schreef)\s.{1,250}[:：]$"
)
"""How it ends; German and Dutch may name the writer last."""
