"""The status page says how often the automatic check is wrong: in tests, and in use."""

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from jewelrymodel.generation import queries
from jewelrymodel.infra import clock
from jewelrymodel.studio.image_check_record import CHECK_VERSION, miss_rate
from jewelrymodel.web.site import image_check
from tests.support.desk import read

pytestmark = pytest.mark.django_db


def in_use(monkeypatch: pytest.MonkeyPatch, delivered: int, damaged: int) -> str:
    """The figure of what is in use, of so many images."""
    asked = []

    def counted(*, since: object) -> queries.DamageInUse:
        asked.append(since)
        return queries.DamageInUse(delivered, damaged)

    monkeypatch.setattr(queries, "damage_in_use", counted)
    now = clock.now()
    figure = image_check.image_check_figures(now)[-1].figure
    assert asked == [now - timedelta(days=90)]
    return figure


def test_below_a_hundred_images_there_is_no_figure(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_use(monkeypatch, 99, 1) == "No figures below 100 images"
    assert in_use(monkeypatch, 100, 1) == "1 of 100 (1.00%)"
    assert in_use(monkeypatch, 12_345, 0) == "0 of 12,345 (0.00%)"


def test_the_page_shows_what_was_measured_of_the_version_in_use(
    client: Client, settings: Settings
) -> None:
    rate = miss_rate()
    assert rate is not None
    settings.HOSTED_GENERATOR_URL = ""
    page = read(client, "/status")
    assert f"{rate.wrong:,} of {rate.pictures:,} (" in page
    assert CHECK_VERSION in page
    assert "hosted generator" not in page, "who has none is told of none"
    assert "No figures below 100 images" in page
    settings.HOSTED_GENERATOR_URL = "http://generator.example"
    hosted = miss_rate(own_look=False)
    assert hosted is not None
    assert f"{hosted.wrong:,} of {hosted.pictures:,} (" in read(client, "/status")
