"""Whose certificate signs: both its files, safe ones, or nobody's."""

from pathlib import Path

import pytest

from jewelrymodel.config import credential_settings
from jewelrymodel.config.environment_variables import BadSetting
from tests.support.authority import on_disk, signatory

NAMES = ("C2PA_CERTIFICATE", "C2PA_KEY", "C2PA_TSA_URL")


@pytest.fixture
def env(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A certificate and its key are set."""
    monkeypatch.delenv("C2PA_TSA_URL", raising=False)
    for name, path in on_disk(tmp_path, signatory()[0]).items():
        monkeypatch.setenv(f"C2PA_{name.upper()}", path)
    return monkeypatch


def found(*, demo: bool = False) -> dict[str, str]:
    return credential_settings.signatory_files(demo=demo)


def refused(*, demo: bool = False) -> str:
    with pytest.raises(BadSetting) as problem:
        found(demo=demo)
    return str(problem.value)


def test_both_files_sign_and_none_signs_nothing(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = {"certificate": str(tmp_path / "certificate.pem"), "key": str(tmp_path / "key.pem")}
    assert found() == found(demo=True) == {**names, "time_stamp_url": ""}
    for name in NAMES:
        env.delenv(name, raising=False)
    assert found() == {}


@pytest.mark.parametrize("missing", NAMES[:2])
def test_one_without_the_other_is_refused(env: pytest.MonkeyPatch, missing: str) -> None:
    env.delenv(missing)
    assert "both or none" in refused()


def test_a_key_that_others_can_read_is_refused(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key.pem").chmod(0o640)
    assert "chmod 600" in refused()


def test_a_key_never_stands_where_the_certificate_does(
    env: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    env.setenv("C2PA_CERTIFICATE", str(tmp_path / "key.pem"))
    assert "holds a private key" in refused()
    env.setenv("C2PA_CERTIFICATE", str(tmp_path / "certificate.pem"))
    env.setenv("C2PA_KEY", str(tmp_path / "certificate.pem"))
    assert "holds no private key" in refused()


def test_a_missing_file_and_no_pem_are_refused(env: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "certificate.pem").write_bytes(b"\x30\x82")
    assert "isn't a PEM file" in refused()
    (tmp_path / "certificate.pem").unlink()
    assert "No such file" in refused()


def test_time_stamps_come_from_an_address_and_never_in_the_demo(env: pytest.MonkeyPatch) -> None:
    env.setenv("C2PA_TSA_URL", "http://tsa.example/stamp")
    assert found()["time_stamp_url"] == "http://tsa.example/stamp"
    assert "the demo reaches nobody" in refused(demo=True)
    env.setenv("C2PA_TSA_URL", "file:///etc/passwd")
    assert "authority's address" in refused()
    env.setenv("C2PA_TSA_URL", "http://tsa.example/stamp")
    for name in NAMES[:2]:
        env.delenv(name)
    assert "both or none" in refused()


def test_what_signs_has_to_be_installed(env: pytest.MonkeyPatch) -> None:
    env.setattr(credential_settings, "find_spec", lambda name: None)
    assert credential_settings.INSTALL in refused()
