"""What is hidden in a name goes; what joins the letters of a script stays."""

import pytest

from jewelrymodel.kernel.one_line import one_line


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ida\u202eevil\u202c\x07 rings", "Ida evil rings"),
        (" a\n\tb\0 ", "a b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u2066\ufeff", ""),
    ],
)
def test_a_name_is_one_line_that_shows_all(text: str, kept: str) -> None:
    assert one_line(text) == kept
