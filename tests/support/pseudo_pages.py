"""Walking pages and emails in the pseudo-language, and collecting what escapes it."""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from django.core.mail import EmailMessage
from django.test import Client
from django.urls import resolve
from django.urls.exceptions import Resolver404
from django.utils import translation

from jewelrymodel.accounts import countries
from jewelrymodel.studio.marketplaces import marketplaces
from tests.support import pseudo

DATA = (
    r"https?://\S+|[\w.+-]+@[\w-]+\.example",
    r"AI Jewelry Model|Example Atelier Ltd \(invented\)|1 Example Street, Exampleton",
    r"Ada's rings|\b(?:ada|neu|ringmaker|Browser)\b|127\.0\.0\.1",
    r"\d{4}-\d\d-\d\d-[0-9a-f]{8}\b|\b(?:JM|RCP|CN|REQ)-\d+|\b[a-z]+_[0-9A-Za-z]{16,}",
    r"\b(?:ring|garnet|hoop)-\d+(?:_\w+)?(?:\.jpg)?",
    r"\b[A-Z2-7]{32}\b|\b[0-9a-f]{12,}\b",
    r"\b(?:Tray|Case|Vault|Bench|Atelier)\b",
    r"\b(?:English|Deutsch)\b|Français \(brouillon\)|Español \(borrador\)|Português \(rascunho\)",
    r"\b(?:Visa|UTC|E[SD]T|SHA-256|PNG|JPEG|W[Ee][Bb]P|TIFF|px|mm)\b",
    r"\bVAT \d+\s%",
    r"\b(?:EU|UK)-[A-Z-]*[A-Z](?:: [A-Z].*)?",
    r"\bUK [A-Z]½?|\b(?:UK|EU|JP)\b",
    r"\b(?:Windows|macOS|Linux|USD|US)\b|\.json\b|\b[\d-]{10}\.md\b",
    r"\b(?:Mo|Di|Mi|Do|Fr|Sa|So)\., \d+\. \w+\.? \d{4}",
    r"\b\d\.\d[a-d]?: [A-Z].*",
)
"""What is no sentence: names of houses, people, products and languages; addresses; numbers of
records and versions of the check; what is written alike in every language; days as CLDR writes
them; and the policy's English sentences, which bind. Names of countries (CLDR's too) and of
marketplaces are added. A tax is called as the processor calls it.
"""


def data() -> re.Pattern[str]:
    """Return what may stand on a page untranslated."""
    with translation.override(pseudo.LANGUAGE):
        names = [*marketplaces(), *(name for _, name in countries.choices())]
    names.sort(key=len, reverse=True)
    return re.compile("|".join([*DATA, *(rf"\b{re.escape(one)}" for one in names)]))


@dataclass
class Walk:
    """One who reads the pseudo-language: which pages they saw, and what escaped there."""

    client: Client = field(
        default_factory=lambda: Client(headers={"Accept-Language": "de", "User-Agent": "Browser"})
    )
    names: set[str] = field(default_factory=set)
    escaped: dict[str, list[str]] = field(default_factory=dict)
    data: re.Pattern[str] = field(default_factory=data)

    def get(self, address: str, **asked: Any) -> str:
        """See a page; return it."""
        return self._see(address, self.client.get(address, asked, follow=True))

    def post(self, address: str, **sent: object) -> str:
        """Send a form, and see the page that comes of it."""
        return self._see(address, self.client.post(address, sent, follow=True))

    def read(self, email: EmailMessage) -> None:
        """Read an email: its subject, its text, its HTML."""
        texts = [email.subject, *str(email.body).splitlines()]
        for one in getattr(email, "alternatives", ()):
            texts += pseudo.shown(str(one[0]))
        self.note(f"email: {email.subject}", texts)

    def note(self, where: str, texts: list[str]) -> None:
        """Keep what escapes in *texts*."""
        found = pseudo.untranslated(texts, data=self.data)
        if found:
            self.escaped.setdefault(where, []).extend(found)

    def _see(self, address: str, answer: object) -> str:
        chain = [one.partition("?")[0] for one, _ in getattr(answer, "redirect_chain", ())]
        for one in (address, *chain):
            with suppress(Resolver404):
                self.names.add(str(resolve(one).url_name))
        if "html" not in answer.headers.get("Content-Type", ""):
            return ""
        page = answer.content.decode()
        self.note(f"{answer.status_code} {address}", pseudo.shown(page))
        return page

    def report(self) -> str:
        """Return what escaped, each sentence once, with the page that showed it first."""
        lines: dict[str, str] = {}
        for where, texts in self.escaped.items():
            for text in texts:
                lines.setdefault(text, where)
        return "\n".join(f"{where}: {text}" for text, where in lines.items())
