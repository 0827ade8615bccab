"""The people of the demo world, all invented; one click makes the visitor one of them."""

from dataclasses import dataclass

from django.conf import settings

from jewelrymodel.accounts.models import User

PASSWORD = "demo-demo-demo"  # noqa: S105  printed at every start: the demo has no secrets


@dataclass(frozen=True)
class Persona:
    """One invented person: who they are in a few words, and where they start."""

    email: str
    name: str
    story: str
    start: str = "/studio"


SELLERS = (
    Persona("ida@rings.example", "Ida Example", "ring maker, a few weeks in"),
    Persona("noor@earrings.example", "Noor Example", "earring studio, buys credit packs"),
    Persona("marta@necklaces.example", "Marta Example", "necklace house in the EU, a consumer"),
    Persona("otto@brooches.example", "Otto Example", "brooch maker, ran into every problem"),
)
AGENTS = (
    Persona("vera@desk.example", "Vera Example", "support agent", "/desk"),
    Persona("arun@desk.example", "Arun Example", "second support agent", "/desk"),
)
OPERATORS = (Persona("olga@desk.example", "Olga Example", "operator", "/desk"),)
PERSONAS = (*SELLERS, *AGENTS, *OPERATORS)


def present() -> list[Persona]:
    """Return the personas that the demo world has loaded."""
    emails = [persona.email for persona in PERSONAS]
    known = set(User.objects.filter(email__in=emails).values_list("email", flat=True))
    return [persona for persona in PERSONAS if persona.email in known]


def sign_ins() -> list[str]:
    """Return who may sign in, one line each."""
    lines = [f"{one.email} — {one.name}, {one.story}" for one in PERSONAS]
    return [*lines, f"password: {PASSWORD} · mails: {settings.PUBLIC_URL}/demo/outbox"]
