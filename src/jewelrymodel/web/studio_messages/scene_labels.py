"""The presets of a described scene, the providers that make it, and why its words are refused."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jewelrymodel.generation.operations import WordsRefused
from jewelrymodel.generation.statuses import WordsCategory

PRESET_TITLES = {
    "season": _("Season"),
    "mood": _("Mood"),
    "light": _("Lighting"),
    "framing": _("Framing"),
}
PRESET_LABELS = {
    "spring": _("Spring"),
    "summer": _("Summer"),
    "autumn": _("Fall"),
    "winter": _("Winter"),
    "calm": _("Calm and plain"),
    "festive": _("Festive"),
    "romantic": _("Romantic"),
    "dark": _("Dark and rich"),
    "daylight": _("Soft daylight"),
    "morning": _("Morning sun"),
    "candle": _("Candlelight"),
    "overcast": _("Overcast sky"),
    "near": _("Close to the piece"),
    "usual": _("Usual distance"),
    "wide": _("More of the surroundings"),
}
EXAMPLES = (
    _("on wet black pebbles at sunrise"),
    _("mossy stone steps with ferns, dappled light"),
    _("beside an espresso cup on a zinc bar"),
)
PROVIDER_NAMES = {
    "openai": "OpenAI",
    "gemini": "Google Gemini",
    "bfl": "Black Forest Labs",
    "fal": "fal",
    "comfyui": "ComfyUI",
}
WORDS_SENTENCES = {
    WordsCategory.MINORS: _(
        "“%(word)s”: scenes with children or teenagers can’t be made. Nothing was sent or charged; "
        "please change your words."
    ),
    WordsCategory.SEXUAL: _(
        "“%(word)s”: scenes with nudity or sexual content can’t be made. Nothing was sent or "
        "charged; please change your words."
    ),
    WordsCategory.PERSON: _(
        "“%(word)s”: scenes with a real person can’t be made without that person’s agreement. "
        "Nothing was sent or charged; please change your words."
    ),
    WordsCategory.BRAND: _(
        "“%(word)s”: scenes with another company’s brand can’t be made. Nothing was sent or "
        "charged; please change your words."
    ),
    WordsCategory.PEOPLE: _(
        "“%(word)s”: image models make surroundings here, not people. To show your piece worn, "
        "choose a virtual model. Nothing was sent or charged; please change your words."
    ),
}


def words_refusal(refused: WordsRefused) -> str:
    """Return the sentence for words that may not be sent: which word it was, and why."""
    sentence = str(WORDS_SENTENCES[WordsCategory(str(refused.params["category"]))])
    return sentence % {"word": refused.params["word"]}


def made_by(image_settings: dict[str, object]) -> str:
    """Return which provider and model made an image's surroundings; "" where none did."""
    provider = str(image_settings.get("provider") or "")
    if not provider:
        return ""
    name, model = PROVIDER_NAMES.get(provider, provider), image_settings.get("model")
    if settings.DEMO:
        names = {"provider": name, "model": model}
        return gettext("Stand-in for %(provider)s in this demo, %(model)s") % names
    return f"{name}, {model}"
