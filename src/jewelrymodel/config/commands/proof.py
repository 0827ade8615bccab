"""``jewelrymodel proof``: prove offline that an account's credits are counted, and attest now."""

import argparse
import json
from pathlib import Path

from jewelrymodel.attestation.rules import proof_file
from jewelrymodel.attestation.rules.proof_file import Proven
from jewelrymodel.kernel.signing import Signed

MOST_BYTES = 200_000_000


class FileUnreadable(ValueError):
    """A file that was named can't be read. The message says why."""


def verify(options: argparse.Namespace) -> int:
    """Print what the file proves; raises ProofUnreadable, CreditsNotProven and FileUnreadable.

    Nothing of ours is needed: no database, no installation that is set up, no connection.
    """
    proven = _proven(options.file)
    earlier = [_proven(options.earlier)] if options.earlier else []
    for one in earlier:
        proof_file.require_continued(one, proven)
    if options.published:
        proof_file.require_published([*earlier, proven], _published(options.published))
    key = proven.proof.signed.public_key
    if options.key and options.key.strip().lower() != key:
        raise proof_file.OtherSigner(key=key)
    _say(proven, earlier, options)
    return 0


def make() -> int:
    """Attest what was booked until now, and print the document; returns 0."""
    from jewelrymodel.attestation import operations
    from jewelrymodel.infra import clock

    attestation = operations.attest(now=clock.now())
    print(attestation.document)
    return 0


def _say(proven: Proven, earlier: list[Proven], options: argparse.Namespace) -> None:
    body, history = proven.body, proven.history
    print(
        f"Proven: {history.credits} credits of account {proven.proof.account_id} "
        f"({history.available} available, {history.held} held, {history.suspended} suspended)"
    )
    print(
        f"are in the {body['credits']} credits that attestation {body['number']} of "
        f"{body['made_at']} sums up. Accounts in it: {body['accounts']}."
    )
    print(f"They follow from {history.count} records, each of which is in the file.")
    for one in earlier:
        print(f"The {one.history.count} of attestation {one.body['number']} are as they were.")
    if options.published:
        print("The list of published attestations is unbroken, and this one is in it.")
    if not options.key:
        print(f"Signed by {proven.proof.signed.public_key}, to be compared with the status page.")


def _proven(path: str) -> Proven:
    return proof_file.prove(proof_file.read(_content(path)))


def _published(path: str) -> list[Signed]:
    try:
        return [proof_file.signed_in(one) for one in json.loads(_content(path))]
    except (ValueError, KeyError, TypeError):
        raise FileUnreadable(f"{path} is no list of published attestations.") from None


def _content(path: str) -> bytes:
    place = Path(path)
    try:
        if place.stat().st_size > MOST_BYTES:
            raise FileUnreadable(f"{path} has more than {MOST_BYTES // 1_000_000} MB.")
        return place.read_bytes()
    except OSError as error:
        raise FileUnreadable(f"{path} can't be read: {error.strerror}.") from None
