"""What follows from a request to a provider: the wait, the closure, who is next, the books."""

from datetime import UTC, date, datetime, timedelta

import pytest

from jewelrymodel.generation.rules.attempt_outcomes import CONSEQUENCES, Cost, cost_of
from jewelrymodel.generation.rules.attempt_plan import (
    MOST_PAID,
    Ask,
    GiveUp,
    Past,
    Wait,
    next_step,
)
from jewelrymodel.generation.rules.generated_looks import GENERATED_LOOKS, prompt
from jewelrymodel.generation.rules.provider_circuit import (
    LONGEST_PAUSE,
    ONE_TRIAL,
    Closed,
    Closure,
    Ended,
    closed_by_budget,
    closed_by_record,
)
from jewelrymodel.generation.rules.provider_models import ModelUnknown, chosen, models
from jewelrymodel.generation.rules.retry_waits import LONGEST, SHORTEST, wait_after
from jewelrymodel.generation.statuses import ATTEMPT_OPEN, AttemptState, Reason

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
ORDER = ["one", "two"]


def past(provider: str, state: AttemptState) -> Past:
    return Past(provider, state, CONSEQUENCES[state].reason)


def step(*states: tuple[str, AttemptState], **closed: Closure) -> Ask | Wait | GiveUp:
    return next_step(
        [past(*one) for one in states], ORDER, {name: Closed(why) for name, why in closed.items()}
    )


def test_every_final_state_has_its_consequence() -> None:
    assert set(CONSEQUENCES) == set(AttemptState) - set(ATTEMPT_OPEN)


def test_one_seed_more_then_the_next_provider_then_free() -> None:
    unfit = AttemptState.UNFIT
    assert step() == Ask("one")
    assert step(("one", unfit)) == Ask("one")
    assert step(("one", unfit), ("one", unfit)) == Ask("two")
    assert step(*[("one", unfit)] * 2, *[("two", unfit)] * 2) == GiveUp(Reason.NOT_FAITHFUL)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (AttemptState.REFUSED, Reason.CONTENT_BLOCKED),
        (AttemptState.UNKNOWN, Reason.OUTCOME_UNKNOWN),
        (AttemptState.STOPPED, Reason.CANCELED),
    ],
)
def test_nobody_else_is_asked_after_what_ends_the_image(
    state: AttemptState, reason: Reason
) -> None:
    assert step(("one", state)) == GiveUp(reason)


@pytest.mark.parametrize(
    "state",
    [
        AttemptState.WITHHELD, AttemptState.INVALID, AttemptState.RETIRED, AttemptState.LOCKED_OUT,
        AttemptState.EMPTY,
    ],
)  # fmt: skip
def test_the_next_provider_is_asked_after_the_others(state: AttemptState) -> None:
    assert step(("one", state)) == Ask("two")


def test_a_busy_one_is_asked_some_times_and_what_it_said_is_told_last() -> None:
    busy = ("one", AttemptState.NOT_NOW)
    assert step(*[busy] * 5) == Ask("one")
    assert step(*[busy] * 6) == Ask("two")
    assert step(*[busy] * 6, ("two", AttemptState.RETIRED)) == GiveUp(Reason.GENERATOR_FAILED)


def test_an_image_waits_only_for_what_passes_by_itself() -> None:
    assert step(one=Closure.ASKED_TO_WAIT) == Ask("two")
    assert step(one=Closure.LOCKED_OUT, two=Closure.CONCURRENCY) == Wait()
    assert step(one=Closure.LOCKED_OUT, two=Closure.BUDGET) == GiveUp(Reason.GENERATOR_CLOSED)


def test_one_image_is_paid_for_a_few_times_only() -> None:
    kinds = [AttemptState.UNFIT, AttemptState.UNFIT, AttemptState.WITHHELD, AttemptState.EMPTY]
    assert len(kinds) == MOST_PAID
    several = [past(f"p{n}", state) for n, state in enumerate(kinds)]
    assert next_step(several, ["new"], {}) == GiveUp(Reason.NOT_DELIVERED)


def test_the_books_take_what_was_told_else_the_list_price() -> None:
    assert cost_of(AttemptState.NOT_NOW, 50, None) == Cost(0, is_sure=True)
    assert cost_of(AttemptState.UNKNOWN, 50, None) == Cost(50, is_sure=False)
    assert cost_of(AttemptState.UNFIT, 50, None) == Cost(50, is_sure=True)
    assert cost_of(AttemptState.EMPTY, 50, 20) == Cost(20, is_sure=True)


def test_what_is_refused_after_it_was_worked_on_may_cost_its_price() -> None:
    assert cost_of(AttemptState.INVALID, 50, None) == Cost(0, is_sure=True)
    assert cost_of(AttemptState.INVALID, 50, None, had_worked=True) == Cost(50, is_sure=False)
    assert cost_of(AttemptState.UNFIT, 50, None, had_worked=True) == Cost(50, is_sure=True)
    assert cost_of(AttemptState.INVALID, 50, 20, had_worked=True) == Cost(20, is_sure=True)


def record(*states: AttemptState, retry_s: float | None = None) -> list[Ended]:
    retry_at = None if retry_s is None else NOW + timedelta(seconds=retry_s)
    return [Ended(state, NOW, retry_at) for state in states]


def test_a_locked_account_is_tried_once_an_hour() -> None:
    rows = record(AttemptState.LOCKED_OUT, AttemptState.MADE)
    why = closed_by_record(rows, NOW + timedelta(minutes=59))
    assert why == Closed(Closure.LOCKED_OUT, NOW + ONE_TRIAL)
    assert why.alarms
    assert closed_by_record(rows, NOW + ONE_TRIAL) is None


def test_a_provider_is_left_alone_as_long_as_it_asked() -> None:
    rows = record(AttemptState.NOT_NOW, retry_s=9)
    why = closed_by_record(rows, NOW)
    assert why is not None
    assert (why.why, why.alarms) == (Closure.ASKED_TO_WAIT, False)
    assert closed_by_record(rows, NOW + timedelta(seconds=9)) is None


def test_failures_in_a_row_open_the_circuit_for_longer_and_longer() -> None:
    def until(failures: int) -> timedelta | None:
        why = closed_by_record(record(*[AttemptState.EMPTY] * failures, AttemptState.MADE), NOW)
        return why.until - NOW if why and why.until else None

    minutes = [until(n) for n in (4, 5, 6, 7)]
    assert minutes == [None, *(timedelta(minutes=n) for n in (1, 2, 4))]
    assert until(19) == LONGEST_PAUSE
    assert closed_by_record(record(*[AttemptState.EMPTY] * 5), NOW + timedelta(hours=1)) is None
    assert closed_by_record([], NOW) is None


def test_the_budget_closes_before_it_is_passed() -> None:
    assert closed_by_budget(spent_micros=60, price_micros=40, budget_micros=100) is None
    why = closed_by_budget(spent_micros=61, price_micros=40, budget_micros=100)
    assert why == Closed(Closure.BUDGET)


@pytest.mark.parametrize(
    ("header", "tries", "jitter", "seconds"),
    [
        ("7", 0, 0.0, 7),
        ("7", 0, 1.0, 10.5),
        ("0.25", 0, 0.0, SHORTEST.total_seconds()),
        ("86400", 0, 0.0, LONGEST.total_seconds()),
        ("Sun, 29 Nov 2026 12:00:30 GMT", 0, 0.0, 30),
        ("Sun, 29 Nov 2026 12:00:30 -0000", 0, 0.0, 30),
        ("Sun, 29 Nov 2026 11:00:00 GMT", 0, 0.0, SHORTEST.total_seconds()),
        ("soon", 0, 0.0, 2),
        ("", 3, 0.0, 16),
        ("", 99, 0.0, LONGEST.total_seconds()),
        ("9" * 40, 0, 0.0, 2),
    ],
)
def test_the_wait_is_the_providers_else_it_doubles(
    header: str, tries: int, jitter: float, seconds: float
) -> None:
    wait = wait_after(header, tries=tries, jitter=jitter, now=NOW)
    assert wait == timedelta(seconds=seconds)


def test_a_model_that_ended_is_known_and_says_so() -> None:
    gone = chosen("openai", "gpt-image-1", models())
    assert gone.has_ended(date(2026, 10, 23))
    assert not gone.has_ended(date(2026, 10, 22))
    assert gone.ends_soon(date(2026, 10, 1))
    assert not gone.ends_soon(date(2026, 10, 23))
    assert not gone.ends_soon(date(2026, 9, 1))


def test_each_provider_has_a_first_model_that_is_offered_today() -> None:
    for provider in {one.provider for one in models()}:
        assert not chosen(provider, "", models()).has_ended(date(2026, 11, 29))
    with pytest.raises(ModelUnknown):
        chosen("openai", "dall-e-3", models())


def test_words_for_models_that_fill_deny_nothing() -> None:
    for look_id in GENERATED_LOOKS:
        assert " no " not in prompt(look_id, "ring", "bfl")
        assert "ring, its position" in prompt(look_id, "ring", "openai")
