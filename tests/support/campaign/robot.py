"""A program that answers each of our mails and doesn't say that it is one: half of a mail loop."""

import smtplib
import threading

import psycopg

from tests.support.campaign.crowd import letter
from tests.support.campaign.records import Records
from tests.support.service import Service

ADDRESS = "robot@campaign.example"
MOST_ANSWERS = 40  # then it has gone round often enough
_LOOK_S = 0.5
_TO_IT = """
SELECT id, subject FROM infra_mail_message WHERE envelope_to @> %s AND NOT id = ANY(%s)
"""


class Robot:
    """Writes once to support, then answers whatever comes, at once."""

    def __init__(self, service: Service, database: str, records: Records) -> None:
        self._service, self._database, self._records = service, database, records
        self._answered: list[str] = []
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Let it answer no more; return how many mails it got."""
        self._ended.set()
        self._thread.join()
        return len(self._answered)

    def _run(self) -> None:
        self._write("A question", "<0@robot.campaign.example>")
        while not self._ended.wait(_LOOK_S) and len(self._answered) < MOST_ANSWERS:
            for mail, subject in self._new():
                self._answered.append(mail)
                self._write(f"Re: {subject}", f"<{len(self._answered)}@robot.campaign.example>")

    def _new(self) -> list[tuple[str, str]]:
        try:
            with psycopg.connect(self._database) as connection:
                rows = connection.execute(_TO_IT, (f'["{ADDRESS}"]', self._answered))
                return rows.fetchall()
        except psycopg.OperationalError:  # it is being started again
            return []

    def _write(self, subject: str, message_id: str) -> None:
        mail = letter(ADDRESS, message_id, subject=subject)
        while not self._ended.is_set():
            try:
                with smtplib.SMTP("127.0.0.1", self._service.port + 3, timeout=20) as server:
                    server.send_message(mail)
            except (OSError, smtplib.SMTPException):
                self._ended.wait(_LOOK_S)
            else:
                self._records.letters.add(message_id)
                return
