"""How a message is folded on a page."""

from hypothesis import given
from hypothesis import strategies as st

from jewelrymodel.web.message_text import FOLDED_AFTER, PAGE_LIMIT, message_text


def test_quotes_are_folded_and_own_words_are_open() -> None:
    found = message_text("Hello\n> Which order?\n> When?\nJM-000001").sections
    assert [(one.text, one.summary) for one in found] == [
        ("Hello", ""),
        ("> Which order?\n> When?", "Quoted text (2 lines)"),
        ("JM-000001", ""),
    ]


def test_what_is_nothing_but_a_quote_is_open() -> None:
    (one,) = message_text("> all of it").sections
    assert (one.text, one.summary) == ("> all of it", "")


def test_a_long_text_is_open_to_a_word_and_then_folded() -> None:
    begin, rest = message_text("word " * FOLDED_AFTER).sections
    assert (begin.summary, begin.text[-4:], len(begin.text) <= FOLDED_AFTER) == ("", "word", True)
    assert rest.summary == "Show the rest (7,999 characters)"
    assert message_text("x" * (FOLDED_AFTER + 1)).sections[0].text == "x" * FOLDED_AFTER
    assert message_text("word " * FOLDED_AFTER).length == ""


def test_a_page_says_where_the_whole_text_is() -> None:
    found = message_text("word " * PAGE_LIMIT)
    assert found.length == "200,000"
    assert sum(len(one.text) for one in found.sections) <= PAGE_LIMIT


@given(st.text(max_size=200), st.integers(0, 300))
def test_nothing_is_left_out_but_empty_lines(text: str, times: int) -> None:
    whole = f"{text}\n> quoted\n" + text * times
    shown = "".join(one.text for one in message_text(whole).sections)
    expected = whole[:PAGE_LIMIT]
    assert "".join(shown.split()) == "".join(expected.split())
