"""What is done about proofs: attest, once a day."""

from jewelrymodel.attestation.operations.attesting import NotSettled, attest

__all__ = ["NotSettled", "attest"]
