"""What is counted for whoever watches, and who may read it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings
from pytest_django.asserts import assertNumQueries

from jewelrymodel.audit import operations as audit
from jewelrymodel.config.backups.records import SUBJECT
from jewelrymodel.config.commands import SHELL
from jewelrymodel.infra import clock, email_queue, queue

pytestmark = pytest.mark.django_db


def read() -> dict[str, float]:
    """Each sample by its name and labels."""
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    lines = answer.content.decode().splitlines()
    samples = (one.rpartition(" ") for one in lines if not one.startswith("#"))
    return {name: float(value) for name, _, value in samples}


def test_requests_are_counted_by_page_and_status() -> None:
    before = read()
    Client().get("/account/login/")
    Client().get("/nowhere/at/all")
    after = read()
    for labels in (
        'page="account_login",method="GET",status="2xx"',
        'page="none",method="GET",status="4xx"',
    ):
        labels = ",".join(sorted(labels.split(",")))
        name = next(one for one in after if ",".join(sorted(_labels(one))) == labels)
        assert after[name] == before.get(name, 0) + 1
    assert after["jewelrymodel_request_seconds_count"] == (
        before.get("jewelrymodel_request_seconds_count", 0) + 3
    )


def _labels(sample: str) -> list[str]:
    return re.findall(r'\w+="[^"]*"', sample) if "_requests_total" in sample else []


def test_what_waits_is_named_by_its_lane() -> None:
    assert read()['jewelrymodel_queue_jobs{lane="money"}'] == 0
    queue.defer("infra.nothing", queue="money")
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_events set at = at - interval '11 minutes'")
    now = read()
    assert now['jewelrymodel_queue_jobs{lane="money"}'] == 1
    assert 660 <= now['jewelrymodel_queue_oldest_seconds{lane="money"}'] < 760
    assert now['jewelrymodel_alarms{part="queue"}'] == 1


def test_mails_and_the_age_of_the_backup_are_counted() -> None:
    before = read()
    assert "jewelrymodel_backup_age_seconds" not in before
    email_queue.send_later(
        to="ida@rings.example", subject="A", text="b", machine_now=clock.real_now()
    )
    audit.record(
        actor=SHELL,
        action="backup.made",
        subject=SUBJECT,
        reason="a test's",
        account_id="",
        now=clock.real_now() - timedelta(hours=3),
    )
    now = read()
    assert now["jewelrymodel_emails_waiting"] == before["jewelrymodel_emails_waiting"] + 1
    assert now["jewelrymodel_backup_age_seconds"] >= 10_800
    for name in ("worker_up", "credits_held", "refunds_waiting", "jobs_given_up"):
        assert now[f"jewelrymodel_{name}"] == 0
    assert now["jewelrymodel_disk_free_bytes"] > 0


def test_it_asks_the_database_a_few_questions_however_much_waits() -> None:
    read()
    with assertNumQueries(11):
        read()
    for _ in range(30):
        queue.defer("infra.nothing", queue="money")
    with assertNumQueries(11):
        read()


@pytest.mark.parametrize(
    "sent",
    [{"REMOTE_ADDR": "203.0.113.7"}, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}],
    ids=["another machine", "through a proxy"],
)
def test_nobody_else_may_ask(sent: dict[str, str], settings: Settings) -> None:
    settings.DEMO = False
    browser = Client(**sent)
    assert browser.get("/metrics").status_code in (403, 404)
    settings.METRICS_TOKEN = "a long word of nobody"
    assert Client().get("/metrics").status_code == 404
    wrong = {"Authorization": "Bearer a long word"}
    assert Client(headers=wrong).get("/metrics").status_code == 404
    right = {"Authorization": "Bearer a long word of nobody"}
    assert Client(headers=right).get("/metrics").status_code == 200
