"""A generator by its name, and the providers that are set up here."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings

from jewelrymodel.generation.adapters.attempt_book import Lane
from jewelrymodel.generation.adapters.bfl_images import BflImages
from jewelrymodel.generation.adapters.comfyui_server import ComfyServer
from jewelrymodel.generation.adapters.embedded import Embedded
from jewelrymodel.generation.adapters.fal_queue import FalQueue
from jewelrymodel.generation.adapters.gemini_images import GeminiImages
from jewelrymodel.generation.adapters.hosted import Hosted
from jewelrymodel.generation.adapters.openai_images import OpenAIImages
from jewelrymodel.generation.adapters.provider import Provider, ProviderAccess
from jewelrymodel.generation.adapters.providers import Providers
from jewelrymodel.generation.gateway import Generator
from jewelrymodel.generation.rules.provider_models import chosen, models
from jewelrymodel.generation.statuses import GeneratorName

ADAPTERS: dict[str, Callable[[ProviderAccess], Provider]] = {
    one.name: one for one in (OpenAIImages, GeminiImages, BflImages, FalQueue, ComfyServer)
}


def named(name: str, machine_now: Callable[[], datetime]) -> Generator:
    """Return a fresh generator; raises ValueError for a name that isn't one."""
    if GeneratorName(name) == GeneratorName.EMBEDDED:
        return Embedded()
    if settings.PROVIDERS:
        return Providers(lanes(), speaking, machine_now, webhook_url)
    return Hosted(settings.HOSTED_GENERATOR_URL)


def lanes() -> dict[str, Lane]:
    """Return the providers that are set up, as the environment says, each with its model: what an
    operator chose since is laid over by ``attempt_book.current``. Raises ModelUnknown.
    """
    accesses = [ProviderAccess(**one) for one in settings.PROVIDERS]
    return {one.name: Lane(one, chosen(one.name, one.model, models())) for one in accesses}


def speaking(lane: Lane) -> Provider:
    """Return the adapter of a provider."""
    return ADAPTERS[lane.access.name](lane.access)


def webhook_url(provider: str, attempt_id: str) -> str:
    """Return where a provider may tell that a request is done; none where it can't reach us."""
    if provider != FalQueue.name or not settings.PUBLIC_URL.startswith("https://"):
        return ""
    return f"{settings.PUBLIC_URL}/hooks/generators/{provider}/{attempt_id}"
