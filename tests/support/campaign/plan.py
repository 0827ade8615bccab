"""What a campaign does, worked out from its seed alone: who orders, buys and writes what, and when
what is broken. How these meet is up to the machine, so a seed repeats the acts, not the race.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_IMAGES = 2


class Fate(StrEnum):
    """How a purchase goes on once its payment page is open."""

    PAID = "paid"
    PAID_AND_GONE = "paid and gone"  # the buyer never comes back to the shop
    DECLINED = "declined"
    LEFT = "left"


class After(StrEnum):
    """What is done at the processor, behind our back, to a charge that was paid."""

    NOTHING = ""
    REPEATED = "repeated"  # its money is taken a second time
    REFUNDED = "refunded"  # somebody gives it back at the dashboard


class Trouble(StrEnum):
    """What is broken while the crowd goes on."""

    KILL_WORKER = "SIGKILL the worker"
    KILL_OTHER_WORKER = "SIGKILL the second worker"
    KILL_WEB = "SIGKILL the web server"
    KILL_DATABASE = "SIGKILL PostgreSQL"
    KILL_SUPERVISOR = "SIGKILL the supervisor, and start again"
    KILL_MAIL = "SIGKILL the mail listener"
    KILL_PROCESSOR = "SIGKILL the processor's stand-in"
    PAUSE_WORKER = "SIGSTOP the worker until its leases are over, then SIGCONT"
    DROP = "drop webhooks"
    REPEAT = "repeat webhooks"
    REORDER = "reorder webhooks"
    FORGE = "forge webhooks"
    LIE = "forged and signed messages that an unpaid order was paid"
    DISK_FULL = "the workers can write no file longer than a page, as on a full disk"
    PROCESSOR_ERRORS = "500 of the processor"
    GENERATOR_DOWN = "the generator is down"
    MAIL_LOOP = "a program answers each of our mails"
    AN_HOUR_ON = "the clock jumps by an hour"
    A_DAY_ON = "the clock jumps by a day"


SPOILT = ("fail", "part", "blank", "altered", "broken", "block", "late")
"""What the generator's stand-in makes of an honest job."""


@dataclass(frozen=True)
class Images:
    """Somebody orders images; *spoilt* is what the generator makes of its next job, if not empty.

    ``is_repeated`` sends the same form twice at once, as an impatient finger does.
    """

    customer: int
    key: str
    images: int
    is_hosted: bool
    spoilt: str
    is_repeated: bool


@dataclass(frozen=True)
class Purchase:
    """Somebody buys a package."""

    customer: int
    key: str
    fate: Fate
    after: After


@dataclass(frozen=True)
class Letter:
    """Somebody writes to support; *copies* of the same mail are handed over."""

    sender: str
    message_id: str
    copies: int


Act = Images | Purchase | Letter | Trouble


def customers(tasks: int) -> int:
    """Return how many customers share *tasks*: each may order so many an hour (120)."""
    return max(6, tasks // 100)


def plan(seed: int, *, tasks: int, purchases: int) -> Iterator[Act]:
    """Return the acts of a campaign in their order: all *tasks* and *purchases*, a letter for each
    third purchase, and every trouble at least once.
    """
    rng, crowd = random.Random(seed), customers(tasks)
    acts: list[Act] = [_images(rng, crowd) for _ in range(tasks)]
    acts += [_purchase(rng, crowd) for _ in range(purchases)]
    acts += [_letter(rng, n) for n in range(purchases // 3)]
    rng.shuffle(acts)
    rounds = max(1, (tasks + purchases) // 200)
    troubles = [trouble for _ in range(rounds) for trouble in rng.sample([*Trouble], len(Trouble))]
    step = len(acts) / (len(troubles) + 1)
    for n, act in enumerate(acts):
        while troubles and n >= step * (rounds * len(Trouble) - len(troubles) + 1):
            yield troubles.pop()
        yield act
    yield from troubles


def _images(rng: random.Random, crowd: int) -> Images:
    is_hosted = rng.random() < 0.5
    return Images(
        customer=rng.randrange(crowd),
        key=f"{rng.getrandbits(128):032x}",
        images=rng.randint(1, MOST_IMAGES),
        is_hosted=is_hosted,
        spoilt=rng.choice(SPOILT) if is_hosted and rng.random() < 0.5 else "",
        is_repeated=rng.random() < 0.2,
    )


def _purchase(rng: random.Random, crowd: int) -> Purchase:
    fates = rng.choices([*Fate], weights=(5, 3, 1, 1))
    return Purchase(
        customer=rng.randrange(crowd),
        key=f"{rng.getrandbits(128):032x}",
        fate=fates[0],
        after=rng.choices([*After], weights=(6, 1, 1))[0],
    )


def _letter(rng: random.Random, number: int) -> Letter:
    return Letter(
        sender=f"writer-{number}@campaign.example",
        message_id=f"<{rng.getrandbits(64):016x}@campaign.example>",
        copies=rng.choices((1, 2, 3), weights=(6, 2, 1))[0],
    )
