"""A backup says of itself what it holds; what was changed is found."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from jewelrymodel.config.backups import sealing
from jewelrymodel.config.backups.manifest import (
    MANIFEST,
    SEALED,
    BackupNotWhole,
    BackupUnreadable,
    KeptFile,
    Manifest,
    copy_file,
    manifest_digest,
    require_whole,
    whole_backups,
)

WORDS = "six plain words of nobody"


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """One with a file in it."""
    place = tmp_path / "2026-11-30T031000Z"
    source = tmp_path / "ring.png"
    source.write_bytes(b"a ring")
    kept = copy_file(source, place / "files" / "ring.png")
    write(place, manifest(replace(kept, path="files/ring.png")))
    return place


def manifest(*files: KeptFile) -> Manifest:
    contents = {"rows": {"accounts_user": 2}, "books": {}, "editions": {}}
    return Manifest("2026-11-30T03:10:00+00:00", "0.1.0", 18, "", (), contents, (), files)


def write(place: Path, what: Manifest) -> None:
    (place / MANIFEST).write_bytes(what.to_bytes())
    sealed = sealing.seal(
        {"secret_key": "k"}, passphrase=WORDS, manifest_sha256=manifest_digest(place)
    )
    (place / SEALED).write_bytes(sealed)


def test_one_that_is_whole_is_read_as_it_was_written(backup: Path) -> None:
    read = require_whole(backup)
    assert read == manifest(*read.files)
    assert read.summary() == "2 rows, 1 files, 0.0 MB, as of 2026-11-30T03:10:00+00:00"
    assert whole_backups(backup.parent) == [backup]


@pytest.mark.parametrize("name", ["files/ring.png", SEALED])
def test_what_is_missing_is_named(backup: Path, name: str) -> None:
    (backup / name).unlink()
    with pytest.raises(BackupNotWhole) as refusal:
        require_whole(backup)
    assert refusal.value.params == {"path": name}


def test_one_changed_byte_is_found(backup: Path) -> None:
    (backup / "files/ring.png").write_bytes(b"a rinh")
    with pytest.raises(BackupNotWhole):
        require_whole(backup)


def test_a_manifest_leads_to_no_file_outside(backup: Path) -> None:
    (backup.parent / "stolen").write_bytes(b"a ring")
    (kept,) = require_whole(backup).files
    write(backup, manifest(replace(kept, path="../stolen")))
    with pytest.raises(BackupNotWhole):
        require_whole(backup)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", json.dumps({"format": 2}).encode()])
def test_what_is_no_manifest_is_refused(backup: Path, data: bytes) -> None:
    (backup / MANIFEST).write_bytes(data)
    with pytest.raises(BackupUnreadable):
        require_whole(backup)


def test_the_passphrase_opens_the_secrets_of_this_manifest_alone(backup: Path) -> None:
    sealed, digest = (backup / SEALED).read_bytes(), manifest_digest(backup)
    assert sealing.unseal(sealed, passphrase=WORDS, manifest_sha256=digest) == {"secret_key": "k"}
    with pytest.raises(sealing.WrongPassphrase):
        sealing.unseal(sealed, passphrase=WORDS + "?", manifest_sha256=digest)
    with pytest.raises(sealing.ManifestChanged):
        sealing.unseal(sealed, passphrase=WORDS, manifest_sha256="0" * 64)


def test_a_forged_manifest_is_found_although_its_hash_was_put_in(backup: Path) -> None:
    head = json.loads((backup / SEALED).read_bytes())
    forged = json.dumps(head | {"manifest_sha256": "0" * 64}).encode()
    with pytest.raises(sealing.WrongPassphrase):
        sealing.unseal(forged, passphrase=WORDS, manifest_sha256="0" * 64)


@pytest.mark.parametrize("scrypt", [{}, {"n": 1 << 30, "r": 8, "p": 1}, {"n": 1 << 16}])
def test_a_spoilt_seal_takes_no_memory(backup: Path, scrypt: dict[str, int]) -> None:
    head = json.loads((backup / SEALED).read_bytes())
    spoilt = json.dumps(head | {"scrypt": scrypt}).encode()
    with pytest.raises(sealing.WrongPassphrase):
        sealing.unseal(spoilt, passphrase=WORDS, manifest_sha256=manifest_digest(backup))


def test_one_that_is_still_written_is_none(backup: Path) -> None:
    backup.rename(backup.with_name(f"{backup.name}.partial"))
    assert whole_backups(backup.parent) == []
