"""What a person has to mend is said before customers notice it."""

from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import Error, InterfaceError, OperationalError, connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jewelrymodel.accounts import operations as accounts
from jewelrymodel.audit import operations as audit
from jewelrymodel.config import health
from jewelrymodel.config.backups.records import SUBJECT
from jewelrymodel.config.commands import SHELL
from jewelrymodel.generation import operations as generation
from jewelrymodel.generation.models import Photo
from jewelrymodel.infra import clock, disk, queue
from jewelrymodel.studio.messages import PhotoProblem
from jewelrymodel.studio.photo import PhotoRefused

pytestmark = pytest.mark.django_db
Usage = namedtuple("Usage", "total used free")


def alarms() -> list[tuple[str, str]]:
    body = Client().get("/healthz").json()
    assert body["healthy"] is not bool(body["alarms"] or body["down"])
    return [(one["part"], one["code"]) for one in body["alarms"]]


@pytest.mark.parametrize("problem", [OperationalError, InterfaceError])
def test_a_database_that_goes_away_while_it_is_asked_is_down(
    problem: type[Error], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever balances load reads JSON, whenever it went."""

    def gone() -> list[object]:
        raise problem("the connection is closed")

    monkeypatch.setattr(health, "alarms_now", gone)
    answer = Client().get("/healthz")
    assert (answer.status_code, answer.json()["parts"]["database"]) == (503, "down")
    assert not answer.json()["healthy"]
    assert "database" in answer.json()["down"]


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> list[int]:
    """How much is free on every disk, in bytes; a gigabyte is kept back."""
    free = [50_000_000_000]
    settings.DISK_RESERVE_MB = 1_000
    monkeypatch.setattr(disk.shutil, "disk_usage", lambda _path: Usage(0, 0, free[0]))
    return free


def test_a_disk_that_fills_up_is_said_before_it_is_full(room: list[int]) -> None:
    assert alarms() == []
    room[0] = 1_900_000_000
    assert alarms() == [("disk", "disk_low")]
    room[0] = 900_000_000
    assert alarms() == [("disk", "disk_full")]


def test_a_full_disk_takes_no_photo_and_leaves_nothing(room: list[int]) -> None:
    ida = accounts.register(
        email="ida@rings.example", password="a ring of gold", account_name="", now=clock.now()
    )
    room[0] = 900_000_000
    with pytest.raises(PhotoRefused) as refused:
        generation.upload(
            account_id=ida.account_id,
            file_name="ring.jpg",
            data=Path("tests/photos/render_ring.jpg").read_bytes(),
            now=clock.now(),
        )
    assert refused.value.code == PhotoProblem.NO_ROOM
    assert not Photo.objects.exists()


@pytest.mark.parametrize(("lane", "is_late"), [("money", True), ("studio", False)])
def test_a_lane_whose_jobs_take_seconds_is_late_after_ten_minutes(lane: str, is_late: bool) -> None:
    queue.defer("infra.nothing", queue=lane)
    assert alarms() == []
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_events set at = at - interval '11 minutes'")
    assert alarms() == ([("queue", "queue_late")] if is_late else [])


def test_a_job_that_is_to_wait_isnt_late_before_its_time() -> None:
    soon = clock.real_now() + timedelta(minutes=5)
    queue.defer("infra.nothing", queue="money", schedule_at=soon)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_events set at = at - interval '1 day'")
    assert queue.waiting_since(machine_now=clock.real_now()) == {}
    (job,) = ProcrastinateJob.objects.all()
    assert queue.waiting_since(machine_now=soon) == {"money": job.scheduled_at}


def test_a_backup_is_asked_for_until_one_was_made_lately(settings: Settings) -> None:
    assert alarms() == []
    settings.BACKUP_MAX_AGE_HOURS = 26
    assert alarms() == [("backup", "backup_late")]
    for hours, expected in ((27, [("backup", "backup_late")]), (25, [])):
        audit.record(
            actor=SHELL,
            action="backup.made",
            subject=SUBJECT,
            reason="a test's",
            account_id="",
            now=clock.real_now() - timedelta(hours=hours),
        )
        assert alarms() == expected
