"""A mail's HTML as plain text: what its reader would see, and where its links lead, in words."""

import re
from html.parser import HTMLParser

_LONGEST = 1_000_000  # of what is shown, without attributes: 2 s; pictures inside are attributes
_REST = "(This email is longer than can be shown here. The rest is in the original email.)"
_HIDDEN = re.compile(
    r"""(?<![\w-])style\s*=\s*["'][^"']{0,500}(?:display\s*:\s*none|visibility\s*:\s*hidden)""",
    re.IGNORECASE,
)
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "wbr"}
_LONGEST_LINK = 300
_LONGEST_ATTRIBUTES = 4_000
_DEEPEST = 3  # quotes in quotes
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(script|style|title|template)\b.*?(?:</\1[^<>]*>?|(?=</head|<body)|\Z)"
    r"|<[!?][^<>]*>?",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"""<(/?[a-z][\w:-]*)((?:[^<>"']|"[^"<]*"|'[^'<]*')*|[^<>]*)>|<""", re.IGNORECASE)
_HREF = re.compile(r"""(?<![\w-])href\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+)""", re.IGNORECASE)
# fmt: off
_PARAGRAPHS = {
    "blockquote", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul",
}
_LINES = {
    "address", "article", "aside", "center", "dd", "div", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "header", "li", "main", "nav", "section", "tr",
}
# fmt: on
_NAMED_SCHEMES = ("http://", "https://", "mailto:", "tel:")


def as_text(html: str) -> str:
    """Return the text of *html*: blocks on lines of their own, links as words, nothing hidden.

    What is quoted from an earlier mail has ``>`` before its lines, as in mails without HTML. Where
    it is too long to be read whole, its last line says so.
    """
    visible = _visible(html)
    reader = _read(visible, hides=True)
    if reader.hidden_in:  # never closed: perhaps broken, and better too much than too little
        reader = _read(visible, hides=False)
    lines = (" ".join(line.split()) for line in "".join(reader.pieces).split("\n"))
    text = "\n".join(lines).strip()
    return f"{text}\n\n{_REST}" if len(visible) > _LONGEST else text


def _read(visible: str, *, hides: bool) -> "_Reader":
    reader = _Reader(hides=hides)
    reader.feed(visible[:_LONGEST])
    reader.close()
    return reader


def _visible(html: str) -> str:
    """The part that is shown; of tags only name and link, as broken ones take minutes to read."""
    return _TAG.sub(_plain_tag, _UNSEEN.sub(" ", html))


def _plain_tag(match: re.Match[str]) -> str:
    name, attributes = match[1], match[2]
    if name is None:
        return "&lt;"
    said = attributes[:_LONGEST_ATTRIBUTES]
    link = _HREF.search(said) if name.lower() == "a" else None
    hidden = " hidden" if _HIDDEN.search(said) and name.lower() not in _VOID else ""
    return f"<{name}{hidden} href={link[1]}>" if link else f"<{name}{hidden}>"


class _Reader(HTMLParser):
    def __init__(self, *, hides: bool) -> None:
        super().__init__()
        self.hidden_in = ""  # an element that isn't shown; *hides* False shows all
        self._hides, self._same_inside = hides, 0
        self.pieces: list[str] = []
        self._breaks = self._quotes = self._kept_lines = 0
        self._link, self._link_from = "", 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.hidden_in:
            self._same_inside += tag == self.hidden_in
            return
        if self._hides and ("hidden", None) in attrs:
            self.hidden_in, self._same_inside = tag, 1
            return
        self._break(tag)
        self._quotes += tag == "blockquote"
        self._kept_lines += tag == "pre"
        if tag == "br":
            self._breaks += 1
        elif tag in ("td", "th") and not self._breaks:
            self.pieces.append(" ")
        elif tag == "a":
            self._end_link()
            self._link = (dict(attrs).get("href") or "").strip()
            self._link_from = len(self.pieces)

    def handle_endtag(self, tag: str) -> None:
        if self.hidden_in:
            self._same_inside -= tag == self.hidden_in
            if not self._same_inside:
                self.hidden_in = ""
            return
        if tag == "a":
            self._end_link()
        self._break(tag)
        self._quotes -= tag == "blockquote" and self._quotes > 0
        self._kept_lines -= tag == "pre" and self._kept_lines > 0

    def handle_data(self, data: str) -> None:
        if self.hidden_in:
            return
        for number, line in enumerate(data.split("\n") if self._kept_lines else [data]):
            self._breaks += number > 0
            if line.strip() or not self._breaks:
                self._say(line)

    def close(self) -> None:
        super().close()
        self._end_link()

    def _break(self, tag: str) -> None:
        wanted = 2 if tag in _PARAGRAPHS else int(tag in _LINES)
        self._breaks = max(self._breaks, wanted)

    def _say(self, text: str) -> None:
        if self._breaks:
            self.pieces.append("\n" * min(self._breaks, 2) + "> " * min(self._quotes, _DEEPEST))
            self._breaks = 0
        self.pieces.append(re.sub(r"\s+", " ", text))

    def _end_link(self) -> None:
        """Say where the link leads, unless its text says so already."""
        link, self._link = self._link, ""
        link_text = "".join(self.pieces[self._link_from :]).strip()
        target = link.removeprefix("mailto:")
        if link.lower().startswith(_NAMED_SCHEMES) and link_text.rstrip("/") != target.rstrip("/"):
            self._say(f" ({target[:_LONGEST_LINK]}{'…' if len(target) > _LONGEST_LINK else ''})")
