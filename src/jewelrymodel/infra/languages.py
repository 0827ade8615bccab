"""The languages that readers may choose, which of them are drafts, and writing in one of them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation

ENGLISH = "en"


@dataclass(frozen=True)
class Language:
    """One that readers may choose: its code, its name in itself, and what is said of a draft."""

    code: str
    name: str
    draft_notice: str = ""

    @property
    def is_draft(self) -> bool:
        """Return whether no native speaker has read it yet: it is shown only to who chooses it."""
        return bool(self.draft_notice)


LANGUAGES: tuple[Language, ...] = (
    Language(ENGLISH, "English"),
    Language("de", "Deutsch"),
    Language(
        "fr",
        "Français (brouillon)",
        "Traduction en cours : en cas de doute, la version anglaise fait foi.",
    ),
    Language(
        "es",
        "Español (borrador)",
        "Traducción en curso: en caso de duda, prevalece la versión en inglés.",
    ),
    Language(
        "pt",
        "Português (rascunho)",
        "Tradução em andamento: em caso de dúvida, vale a versão em inglês.",
    ),
)


def current() -> Language:
    """Return the language that is spoken now; English where it is none of ours."""
    code = (translation.get_language() or ENGLISH).split("-")[0]
    return next((one for one in LANGUAGES if one.code == code), LANGUAGES[0])


def speaking(code: str) -> AbstractContextManager[None]:
    """Return a context in which everything is written in *code*; English where it isn't known."""
    return translation.override(code if code in dict(settings.LANGUAGES) else ENGLISH)
