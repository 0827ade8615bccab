"""How a message is folded on a page."""

from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.web.said import ON_THE_PAGE, OPEN, said


def test_quotes_are_folded_and_own_words_are_open() -> None:
    found = said("Hello\n> Which order?\n> When?\nJM-000001").pieces
    assert [(one.text, one.summary) for one in found] == [
        ("Hello", ""),
        ("> Which order?\n> When?", "Quoted text (2 lines)"),
        ("JM-000001", ""),
    ]


def test_what_is_nothing_but_a_quote_is_open() -> None:
    (one,) = said("> all of it").pieces
    assert (one.text, one.summary) == ("> all of it", "")


def test_a_long_text_is_open_to_a_word_and_then_folded() -> None:
    begin, rest = said("word " * OPEN).pieces
    assert (begin.summary, begin.text[-4:], len(begin.text) <= OPEN) == ("", "word", True)
    assert rest.summary == "The rest of this text (7,999 characters)"
    assert said("x" * (OPEN + 1)).pieces[0].text == "x" * OPEN
    assert said("word " * OPEN).length == ""


def test_a_page_says_where_the_whole_text_is() -> None:
    found = said("word " * ON_THE_PAGE)
    assert found.length == "200,000"
    assert sum(len(one.text) for one in found.pieces) <= ON_THE_PAGE


@given(st.text(max_size=200), st.integers(0, 300))
def test_nothing_is_left_out_but_empty_lines(text: str, times: int) -> None:
    whole = f"{text}\n> quoted\n" + text * times
    told = "".join(one.text for one in said(whole).pieces)
    expected = whole[:ON_THE_PAGE]
    assert "".join(told.split()) == "".join(expected.split())
