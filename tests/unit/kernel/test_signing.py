"""A document and its signature: one byte, another key or a broken hand is noticed."""

from dataclasses import replace

import pytest

from jewelrymodel.kernel.signing import Signed, sign

SIGNED = sign('{"says":"so"}', secret="of the tests")


def test_a_signed_document_says_what_it_says_and_who_signed_it() -> None:
    assert SIGNED.is_authentic
    assert SIGNED.body == {"says": "so"}
    assert Signed(**SIGNED.to_json()) == SIGNED
    assert sign('{"says":"so"}', secret="of the tests") == SIGNED


def test_another_byte_or_another_key_is_noticed() -> None:
    other = sign('{"says":"so"}', secret="of somebody else")
    assert not replace(SIGNED, document='{"says":"no"}').is_authentic
    assert not replace(SIGNED, public_key=other.public_key).is_authentic
    assert other.sha256 == SIGNED.sha256


@pytest.mark.parametrize("change", [{"signature": "no number"}, {"public_key": "00"}])
def test_what_is_no_signature_is_no_answer(change: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        assert replace(SIGNED, **change).is_authentic
