import time

import pytest

from jewelrymodel.infra.html_text import as_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (
            '<p>Hello</p><p>My ring failed.<a href="https://x.example/1">click</a></p>',
            "Hello\n\nMy ring failed.click (https://x.example/1)",
        ),
        (
            "<html><head><title>T</title><style>p{}</style></head><body>\n <div>a</div>"
            "<div>b<br>c</div><div><br></div><div>d</div><script>x('<p>')</script></body></html>",
            "a\nb\nc\n\nd",
        ),
        ("<ul><li>one</li><li>two</li></ul>", "one\ntwo"),
        ("<table><tr><td>Paid</td><td>39.00&nbsp;USD</td></tr></table>", "Paid 39.00 USD"),
        ("&lt;b&gt; &amp; R&eacute;my, 1 < 2", "<b> & Rémy, 1 < 2"),
        ("<pre>one\n  two</pre>", "one\ntwo"),
        ("a\n   b\t<b>c</b>", "a b c"),
        (
            "On Monday we wrote:<blockquote>Which<br>one?</blockquote>",
            "On Monday we wrote:\n\n> Which\n> one?",
        ),
        ('<a href="mailto:a@b.example">a@b.example</a>', "a@b.example"),
        ("<a href=http://x.example/><img src=logo></a>", "(http://x.example/)"),
        ('<a href="javascript:steal()">a</a> <a href="#top">b</a>', "a b"),
        ("<a href='https://x.example'>never closed", "never closed (https://x.example)"),
        ("<!--[if mso]><p>no</p><![endif]--><![if !x]>yes<![endif]>", "yes"),
        ("<title>never closed<body>Hello", "Hello"),
        ("<p title=it's>Hello</p><p title='>'>you</p>", "Hello\n\nyou"),
        ("", ""),
    ],
)
def test_html_is_read_as_its_reader_would_see_it(html: str, text: str) -> None:
    assert as_text(html) == text


def test_a_long_link_is_shortened() -> None:
    told = as_text(f"<a href='https://x.example/{'y' * 1000}'>click</a>")
    assert told.endswith("…)")
    assert len(told) < 320


@pytest.mark.parametrize("bait", ["<a b='", "<a", "</", "<!--", "<script></", "<a b='>'", "&#x"])
def test_broken_html_is_read_in_no_time(bait: str) -> None:
    began = time.process_time()
    as_text(bait * (300_000 // len(bait)))
    assert time.process_time() - began < 10, "the library's parser alone takes many minutes"
