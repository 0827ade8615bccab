"""Reads: what was attested, and the proof for one account."""

from jewelrymodel.attestation.models import Attestation
from jewelrymodel.attestation.queries.account_proof import (
    NoProof,
    NotAttested,
    OtherSigningKey,
    account_proof,
)
from jewelrymodel.kernel.signing import Signed

__all__ = [
    "NoProof",
    "NotAttested",
    "OtherSigningKey",
    "account_proof",
    "newest",
    "published",
    "signed",
]


def newest() -> Attestation | None:
    """Return the newest attestation; None before the first."""
    return Attestation.objects.order_by("-number").first()


def published() -> list[Signed]:
    """Return every attestation as it was signed, oldest first."""
    return [signed(one) for one in Attestation.objects.order_by("number")]


def signed(attestation: Attestation) -> Signed:
    """Return an attestation's document with its signature."""
    return Signed(attestation.document, attestation.signature, attestation.public_key)
