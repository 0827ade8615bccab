"""A generator by its name."""

from django.conf import settings

from jewelrymodel.generation.adapters.embedded import Embedded
from jewelrymodel.generation.adapters.hosted import Hosted
from jewelrymodel.generation.gateway import Generator
from jewelrymodel.generation.statuses import GeneratorName


def named(name: str) -> Generator:
    """Return a fresh generator; raises ValueError for a name that isn't one."""
    if GeneratorName(name) == GeneratorName.EMBEDDED:
        return Embedded()
    return Hosted(settings.HOSTED_GENERATOR_URL)
