"""The two addresses of one database: each error names the setting that is wrong."""

import pytest

from jewelrymodel.config.environment_variables import BadSetting, database_roles

SERVICE = "postgresql://serves:pw@db.rings.shop/rings"
OWNER = "postgresql://owns:pw@db.rings.shop/rings"


def read(monkeypatch: pytest.MonkeyPatch, service: str, owner: str) -> tuple[str, str]:
    monkeypatch.setenv("DATABASE_URL", service)
    monkeypatch.setenv("DATABASE_OWNER_URL", owner)
    return tuple(one["USER"] for one in database_roles("/run/nowhere"))


def test_both_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch, SERVICE, OWNER) == ("serves", "owns")
    assert read(monkeypatch, SERVICE, "") == ("serves", "serves")


def test_beside_an_owner_the_role_that_serves_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise its rights are given to nobody, and nothing is said."""
    with pytest.raises(BadSetting, match="DATABASE_URL names no user"):
        read(monkeypatch, "postgresql:///rings?host=/run/postgresql", OWNER)
    with pytest.raises(BadSetting, match="DATABASE_OWNER_URL names no user"):
        read(monkeypatch, SERVICE, "postgresql:///rings?host=/run/postgresql")


@pytest.mark.parametrize("name", ["DATABASE_URL", "DATABASE_OWNER_URL"])
def test_what_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    urls = {"DATABASE_URL": SERVICE, "DATABASE_OWNER_URL": OWNER, name: "postgresql://[/"}
    with pytest.raises(BadSetting, match=f"^{name} can't be read"):
        read(monkeypatch, urls["DATABASE_URL"], urls["DATABASE_OWNER_URL"])
