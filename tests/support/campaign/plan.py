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
    DISPUTED = "disputed"  # its holder goes to the bank


REASONS = ("product_not_received", "subscription_canceled", "duplicate", "fraudulent")
OUTCOMES = (
    *(("won",), ("lost",), ("lost", "won"), ("won", "lost"), ("lost", "appealed")),
    *(("prevented",), ()),
)
INQUIRY_OUTCOMES = (("warning_closed",), ("escalated",), ("escalated", "lost"), ())
"""What a bank decides, and decides again; nothing where time has to."""


class Step(StrEnum):
    """What a subscriber does."""

    SUBSCRIBE = "subscribe"
    CANCEL = "cancel"
    RESUME = "resume"
    PAY = "pay the renewal that couldn't be collected"
    DISPUTE = "dispute the newest charge"
    ASK = "ask for money that was charged after the cancellation"


STORIES = (
    (Step.SUBSCRIBE, Step.DISPUTE),
    (Step.SUBSCRIBE, Step.CANCEL, Step.RESUME),
    (Step.SUBSCRIBE, Step.PAY, Step.PAY),
    (Step.SUBSCRIBE, Step.CANCEL, Step.ASK, Step.SUBSCRIBE),
    (Step.SUBSCRIBE, Step.SUBSCRIBE, Step.DISPUTE, Step.CANCEL),
)
"""What one subscriber after the other does, in this order, while all else goes on."""


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
    A_MONTH_ON = "the clock jumps by a month"
    A_DECLINED_MONTH_ON = "the clock jumps by a month, and banks decline renewals"


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
class Dispute:
    """What a charge's holder tells the bank, and what that decides later, one after the other."""

    reason: str
    is_inquiry: bool
    outcomes: tuple[str, ...]


@dataclass(frozen=True)
class Purchase:
    """Somebody buys a package; with *asks* they ask us for the money afterwards."""

    customer: int
    key: str
    fate: Fate
    after: After
    dispute: Dispute
    asks: bool


@dataclass(frozen=True)
class PlanStep:
    """A subscriber's next step."""

    customer: int
    key: str
    step: Step
    dispute: Dispute


@dataclass(frozen=True)
class Decision:
    """The bank decides about a dispute."""


@dataclass(frozen=True)
class Letter:
    """Somebody writes to support; *copies* of the same mail are handed over."""

    sender: str
    message_id: str
    copies: int


Act = Images | Purchase | PlanStep | Decision | Letter | Trouble


def customers(tasks: int) -> int:
    """Return how many customers share *tasks*: each may order so many an hour (120)."""
    return max(6, tasks // 100)


def plan(seed: int, *, tasks: int, purchases: int, plans: int) -> Iterator[Act]:
    """Return the acts of a campaign in their order: all *tasks* and *purchases*, a letter for each
    third purchase, the steps of *plans* subscribers, a decision of the bank for each dispute's
    outcome, and every trouble at least once.
    """
    rng, crowd = random.Random(seed), customers(tasks)
    acts: list[Act] = [_images(rng, crowd) for _ in range(tasks)]
    acts += [_purchase(rng, crowd) for _ in range(purchases)]
    acts += [_letter(rng, n) for n in range(purchases // 3)]
    timed = [(rng.random(), act) for act in acts]
    for n in range(plans):
        story = STORIES[n % len(STORIES)]
        times = sorted(rng.random() for _ in story)
        steps = (_step(rng, n % crowd, step) for step in story)
        timed += zip(times, steps, strict=True)
    timed += [(rng.uniform(at, 1), Decision()) for at, act in timed for _ in _outcomes(act)]
    yield from _with_troubles(rng, [act for _, act in sorted(timed, key=lambda one: one[0])])


def _with_troubles(rng: random.Random, acts: list[Act]) -> Iterator[Act]:
    own = sum(isinstance(act, Images | Purchase) for act in acts)
    rounds = max(1, own // 200)
    troubles = [trouble for _ in range(rounds) for trouble in rng.sample([*Trouble], len(Trouble))]
    step = len(acts) / (len(troubles) + 1)
    for n, act in enumerate(acts):
        while troubles and n >= step * (rounds * len(Trouble) - len(troubles) + 1):
            yield troubles.pop()
        yield act
    yield from troubles


def _outcomes(act: Act) -> tuple[str, ...]:
    if isinstance(act, PlanStep):
        return act.dispute.outcomes if act.step is Step.DISPUTE else ()
    is_disputed = isinstance(act, Purchase) and act.after is After.DISPUTED
    return act.dispute.outcomes if isinstance(act, Purchase) and is_disputed else ()


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
        after=rng.choices([*After], weights=(5, 1, 1, 2))[0],
        dispute=_dispute(rng),
        asks=rng.random() < 0.5,
    )


def _step(rng: random.Random, customer: int, step: Step) -> PlanStep:
    key = f"{rng.getrandbits(128):032x}"
    return PlanStep(customer=customer, key=key, step=step, dispute=_dispute(rng))


def _dispute(rng: random.Random) -> Dispute:
    is_inquiry = rng.random() < 0.2
    outcomes = rng.choice(INQUIRY_OUTCOMES if is_inquiry else OUTCOMES)
    return Dispute(reason=rng.choice(REASONS), is_inquiry=is_inquiry, outcomes=outcomes)


def _letter(rng: random.Random, number: int) -> Letter:
    return Letter(
        sender=f"writer-{number}@campaign.example",
        message_id=f"<{rng.getrandbits(64):016x}@campaign.example>",
        copies=rng.choices((1, 2, 3), weights=(6, 2, 1))[0],
    )
