"""A picture is known again after a shop has made it smaller, and not taken for another."""

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from jewelrymodel.studio.arrays import Bytes
from jewelrymodel.studio.export import COMPOSITE_GENERATED, Format, Provenance, encode
from jewelrymodel.studio.file_label import label_in
from jewelrymodel.studio.look_hash import NEAR_BITS, bits_apart, look_hash
from tests.support.generation import NOW


def picture(seed: int) -> Bytes:
    """Soft patches of light, as a scene has them."""
    spots = np.random.default_rng(seed).integers(0, 256, (9, 9, 3)).astype(np.uint8)
    return np.asarray(cv2.resize(spots, (480, 360), interpolation=cv2.INTER_CUBIC), np.uint8)


def test_a_smaller_copy_of_worse_quality_is_near_and_another_picture_is_not() -> None:
    one = look_hash(picture(1))
    out = io.BytesIO()
    Image.fromarray(picture(1)).resize((200, 150)).save(out, "JPEG", quality=40)
    copy = look_hash(np.asarray(Image.open(out)))
    assert bits_apart(one, copy) <= NEAR_BITS // 2
    others = [bits_apart(one, look_hash(picture(seed))) for seed in range(2, 40)]
    assert min(others) > NEAR_BITS


def test_a_transparent_picture_is_looked_at_on_white() -> None:
    clear = np.zeros((360, 480, 4), np.uint8)
    clear[100:200, 100:300] = (20, 30, 40, 255)
    white = np.full((360, 480, 3), 255, np.uint8)
    white[100:200, 100:300] = (20, 30, 40)
    assert look_hash(clear) == look_hash(white)


def test_hashes_fit_a_signed_column() -> None:
    hashes = [look_hash(picture(seed)) for seed in range(30)]
    assert all(-(2**63) <= one < 2**63 for one in hashes)
    assert {one < 0 for one in hashes} == {True, False}


@pytest.mark.parametrize("fmt", ["jpeg", "png", "webp"])
def test_a_file_is_asked_what_it_says_of_itself(fmt: Format) -> None:
    about = Provenance(NOW, ("A & B.",), "Shop, hosted renderer", COMPOSITE_GENERATED)
    label = label_in(encode(picture(3), fmt, about))
    assert label is not None
    said = label.source_type, label.generator, label.description, label.has_credentials
    assert said == (COMPOSITE_GENERATED, "Shop, hosted renderer", "A & B.", False)
    assert label.made_at == NOW.isoformat(timespec="seconds")


def test_a_file_without_a_label_says_nothing_and_no_picture_is_none() -> None:
    out = io.BytesIO()
    Image.fromarray(picture(3)).save(out, "JPEG")
    label = label_in(out.getvalue())
    assert label is not None
    assert label.source_type == ""
    assert label_in(b"no picture at all") is None
    signed = label_in(out.getvalue() + b"jumbc2pa")
    assert signed is not None
    assert signed.has_credentials
