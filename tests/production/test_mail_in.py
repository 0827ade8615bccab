"""The whole service reads support's mailbox: a request by mail is acknowledged by mail."""

import os
import signal
import subprocess
from email.message import EmailMessage

import pytest

from tests.support.dovecot import Dovecot
from tests.support.outside import SUPPORT, run
from tests.support.proxies import Mailbox
from tests.support.service import COMMAND, Service, wait_for


@pytest.fixture
def box(inbox: Dovecot | None, service: Service) -> Dovecot:
    """Support's mailbox, which the running service reads."""
    if inbox is None:
        pytest.skip("dovecot isn't here: make setup installs it as root (dovecot-imapd)")
    return inbox


def letter(sender: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, SUPPORT, "My image is late"
    message["Message-ID"] = f"<{sender}>"
    message.set_content("I ordered it yesterday.")
    return bytes(message)


def is_acknowledged(mailbox: Mailbox, sender: str) -> bool:
    return any(f"To: {sender}" in one and "[REQ-" in one for one in list(mailbox.mails))


def test_a_request_by_mail_is_acknowledged(
    service: Service, box: Dovecot, mailbox: Mailbox
) -> None:
    box.deliver(letter("ida@mail.example"))
    wait_for(
        lambda: is_acknowledged(mailbox, "ida@mail.example"),
        timeout_s=120,
        what=lambda: f"nobody answered: {service.log[-2000:]}",
    )
    wait_for(lambda: box.count() == 0, timeout_s=60, what="the mail stays where it was")
    assert box.count("Taken") >= 1
    assert [one for one in service.health()["alarms"] if one["part"] == "mailbox"] == []


def test_the_reader_is_killed_and_mail_comes_in_all_the_same(
    service: Service, box: Dovecot, mailbox: Mailbox
) -> None:
    reader = service.leader_of("fetch")
    assert reader is not None
    os.kill(reader, signal.SIGKILL)
    box.deliver(letter("zoe@mail.example"))
    wait_for(
        lambda: is_acknowledged(mailbox, "zoe@mail.example"),
        timeout_s=120,
        what=lambda: f"nobody answered: {service.log[-2000:]}",
    )
    assert service.leader_of("fetch") not in (None, reader)


def test_a_test_mail_goes_out_and_comes_in(service: Service, box: Dovecot) -> None:
    said = run(service, "mail", "test", SUPPORT, "--wait", "100")
    assert "It came in after" in said


def test_doctor_says_what_it_sees_in_the_mailbox(service: Service, box: Dovecot) -> None:
    done = subprocess.run(
        [COMMAND, "doctor"], env=service.env, capture_output=True, text=True, check=False
    )
    (line,) = [one for one in done.stdout.splitlines() if "  mailbox: " in one]
    assert line.split()[0] == "ok"
    assert "to be taken in, and announces new mail" in line
