import pytest

from jewelrymodel.infra.file_names import LONGEST, short_file_name


@pytest.mark.parametrize("length", [0, 1, LONGEST - 1, LONGEST])
def test_a_name_that_fits_stays(length: int) -> None:
    assert short_file_name("n" * length) == "n" * length


def test_a_longer_name_keeps_its_end_after_a_mark_of_what_is_gone() -> None:
    short = short_file_name("n" * 200 + "-0417.heic")
    assert (short[0], len(short)) == ("…", LONGEST)
    assert short.endswith("n-0417.heic")
