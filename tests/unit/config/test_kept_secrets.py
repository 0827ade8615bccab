"""Secrets that are made once and kept in the data folder."""

from pathlib import Path

import pytest

from jewelrymodel.config import environment_variables as env


@pytest.fixture(autouse=True)
def not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)


def test_a_secret_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = env.secret("SECRET_KEY", tmp_path)
    kept = tmp_path / "secrets" / "secret_key"
    assert env.secret("SECRET_KEY", tmp_path) == first == kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("in_the_way", ["data", "data/secrets/secret_key/folder"])
def test_a_folder_that_cant_be_used_is_said_with_how_to_mend_it(
    tmp_path: Path, in_the_way: str
) -> None:
    """A file where the folder should be, a folder where the file should: root meets these too."""
    data = tmp_path / "data"
    if in_the_way == "data":
        data.write_text("")
    else:
        (tmp_path / in_the_way).mkdir(parents=True)
    with pytest.raises(env.BadSetting, match="make the folder, and give it to the user") as refused:
        env.secret("SECRET_KEY", data)
    assert str(data) in str(refused.value)
