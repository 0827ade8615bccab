"""One campaign: its acts, what breaks between them, and the verdict when all is quiet."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain

import psycopg

from tests.support.campaign import plan_verdict, subscribers, verdict
from tests.support.campaign.crowd import Customer, Writers, opening_code
from tests.support.campaign.plan import (
    Act,
    Decision,
    Dispute,
    Images,
    Letter,
    PlanStep,
    Purchase,
    Trouble,
    customers,
    plan,
)
from tests.support.campaign.records import NoAnswer, Records
from tests.support.campaign.sabotage import A_MONTH, Saboteur
from tests.support.outside import run
from tests.support.service import Service

HANDS = 4  # so many acts go on at once
MOST_TO_A_PROGRAM = 4
"""Of our mails, to one that answers each. Its own are taken as a customer's: it doesn't say what it
is, so what ends the loop is that its answers belong to one request, which is acknowledged once."""
_LOOK_S = 1.0
_SWEEP_S = 5.0
_PATIENCE_S = 30.0
_MOST_PLANS = 5  # of one customer: what several tabs had open may all have been paid
# As the queue itself defers; a sweep that waits already is enough.
_SWEEP = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
VALUES (%s, %s, 0, %s, '{"timestamp": 0}')
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
# As the sweep does when it is time: of a message that the jumping clock has made a day old, that is
# in one minute of each two hours.
_MAIL = """
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, queueing_lock, args)
SELECT 'mail', 'support.mail_entry', 0, 'mail:' || id, jsonb_build_object('entry_id', id)
FROM support_case_entry WHERE mail_due AND mailed_at IS NULL
ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
"""
# The machine's clock can't be moved: what waits for a later attempt, and for a dead worker's
# silence to be long enough, is due at once instead.
_HURRY = (
    "UPDATE procrastinate_jobs SET scheduled_at = now() WHERE status = 'todo' AND attempts > 0"
    " AND scheduled_at > now()",
    "DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - interval '30 seconds'",
)


@dataclass
class Outcome:
    """What a campaign found; it held where *violations* is empty."""

    seed: int
    violations: list[str] = field(default_factory=list)
    figures: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"campaign with seed {self.seed}: {json.dumps(self.figures, default=str)}"]
        return "\n".join([*lines, *(f"VIOLATED {one}" for one in self.violations)])


class Course:
    """One campaign on a running service; *hurry* lets nothing wait for the machine's clock."""

    def __init__(self, service: Service, database: str, *, seed: int, hurry: bool) -> None:
        self.records = Records()
        self.seed, self.hurry, self.database = seed, hurry, database
        self.saboteur = Saboteur(service, database, self.records)
        self._busy = threading.Semaphore(2 * HANDS)

    def run(
        self,
        *,
        tasks: int,
        purchases: int,
        plans: int,
        quiet_s: float,
        say: Callable[[str], None],
    ) -> Outcome:
        """Let the crowd in, break what the plan says, and return the verdict.

        After the last act all has *quiet_s* to come to rest, and again after every plan was
        canceled and its period is over. Whom the service left alone for minutes is a violation too.
        """
        started_s = time.monotonic()
        people = self._open(customers(tasks), given=4 * tasks)
        opened_s = time.monotonic()
        acts = list(plan(self.seed, tasks=tasks, purchases=purchases, plans=plans))
        try:
            left_alone = self._go_through(acts, people, say)
            acted_s = time.monotonic()
            if not self.records.disputes:  # a seed may have none that was possible
                subscribers.dispute(people[0], Dispute("duplicate", is_inquiry=False, outcomes=()))
            if not self.records.requests:  # nor one that asked
                people[0].ask("other")
            self.saboteur.set_right()
            violations = left_alone + self._come_to_rest(quiet_s)
            plans_found = self._plans()
            if not violations:
                violations = self._end_plans(people, quiet_s)
        finally:
            for one in people:
                one.leave()
        violations += self._ask_the_service() if not violations else []
        if (mails := self.saboteur.end_loop()) > MOST_TO_A_PROGRAM:
            violations.append(f"a program that answers our mails got {mails} of them")
        ended_s = time.monotonic()
        figures = {
            "opened_s": round(opened_s - started_s, 1),
            "acts_s": round(acted_s - opened_s, 1),
            "rest_s": round(ended_s - acted_s, 1),
            "ordered": len(self.records.tasks),
            "payment_pages": len(self.records.sessions),
            "letters": len(self.records.letters),
            "requests": len(self.records.requests),
            "plans": plans_found,
            "mails_to_the_program": mails,
            "refused": self.records.refusals,
            "repeated": self.records.failures,
            **self._counts(),
        }
        return Outcome(self.seed, violations, figures)

    def _open(self, count: int, *, given: int) -> list[Customer]:
        service = self.saboteur.service
        told = run(service, "manage", "shell", "-c", opening_code(count, given))
        named = json.loads(told.split("PEOPLE", 1)[1])
        people = [Customer(service, *one, self.records) for one in named]
        for customer in people:
            customer.sign_in()
        return people

    def _go_through(
        self, acts: list[Act], people: list[Customer], say: Callable[[str], None]
    ) -> list[str]:
        """Do all acts; return who was left alone."""
        writers = Writers(self.saboteur.service, self.records)
        under_way: list[Future[None]] = []
        with ThreadPoolExecutor(HANDS) as hands:
            for n, act in enumerate(acts):
                self.saboteur.mend_what_is_over(n)
                if isinstance(act, Trouble):
                    say(f"{n:>6} of {len(acts)}: {act}")
                    self.saboteur.break_now(act, n)
                    continue
                self._busy.acquire()
                under_way.append(hands.submit(self._do, act, people, writers))
        problems = [one.exception() for one in under_way]
        for problem in problems:
            if problem is not None and not isinstance(problem, NoAnswer):
                raise problem
        return [f"nobody answered {problem}" for problem in problems if problem is not None]

    def _do(self, act: Act, people: list[Customer], writers: Writers) -> None:
        try:
            if isinstance(act, Images):
                if act.spoilt:
                    self.saboteur.spoil_next_job(act.spoilt)
                people[act.customer].order_images(act)
            elif isinstance(act, Purchase):
                people[act.customer].buy(act)
            elif isinstance(act, PlanStep):
                subscribers.do(people[act.customer], act)
            elif isinstance(act, Decision):
                people[0].bank.decide()
            elif isinstance(act, Letter):
                writers.write(act)
        finally:
            self._busy.release()

    def _end_plans(self, people: list[Customer], quiet_s: float) -> list[str]:
        """Have everybody cancel, and the bank decide what is left, and let two months pass: what
        then still differs, or still runs.
        """
        for customer in people:
            for _ in range(_MOST_PLANS):
                if not subscribers.send(customer, "cancel"):
                    break
        people[0].bank.decide_all()
        self.saboteur.move_clock(*A_MONTH, *A_MONTH)
        return self._come_to_rest(quiet_s, plan_verdict.running)

    def _come_to_rest(
        self,
        quiet_s: float,
        more: Callable[[psycopg.Connection], Iterable[str]] = lambda _: (),
    ) -> list[str]:
        """What still differs, and is found by *more*, when nothing does any more, or the time is
        over.
        """
        begun_s = moved_s = time.monotonic()
        swept_s = 0.0
        with psycopg.connect(self.database, autocommit=True) as connection:
            while True:
                found = chain(self.differences(connection), more(connection))
                if (first := next(found, None)) is None:
                    return []
                if time.monotonic() > begun_s + quiet_s:
                    return [first, *found]
                if self.hurry and time.monotonic() - moved_s > _PATIENCE_S:
                    self.saboteur.move_clock("hour")  # what is to be looked at again is due
                    moved_s = time.monotonic()
                if time.monotonic() - swept_s > _SWEEP_S:
                    swept_s = time.monotonic()
                    for task, lane in verdict.SWEEPERS.items():
                        connection.execute(_SWEEP, (lane, task, task))
                    connection.execute(_MAIL)
                    for statement in _HURRY if self.hurry else ():
                        connection.execute(statement)
                time.sleep(_LOOK_S)

    def differences(self, connection: psycopg.Connection) -> Iterator[str]:
        """Yield everything that isn't as it has to be, as *connection* sees the books."""
        processor = f"http://127.0.0.1:{self.saboteur.service.port + 1}"
        yield from verdict.differences(connection, processor, self.records)
        yield from plan_verdict.differences(connection, processor, self.records)

    def _ask_the_service(self) -> list[str]:
        """Its own checks of its books, and of them beside the processor's."""
        service, found = self.saboteur.service, []
        for command in (("ledger", "verify"), ("reconcile",)):
            try:
                run(service, *command)
            except AssertionError as problem:
                found.append(f"jewelrymodel {' '.join(command)}: {problem}")
        return found

    def _plans(self) -> dict[str, int]:
        """How many plans, renewals and disputes there were, by state."""
        with psycopg.connect(self.database, autocommit=True) as connection:
            return dict(connection.execute(plan_verdict.COUNTED).fetchall())

    def _counts(self) -> dict[str, object]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            tasks = connection.execute(
                "SELECT status || ' ' || reason_code, count(*) FROM generation_task GROUP BY 1"
            ).fetchall()
            lost = connection.execute(
                "SELECT coalesce(sum(lost_leases), 0) FROM generation_task"
            ).fetchone()
            money = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE refunded_minor > 0) FROM payments_charge"
            ).fetchone()
        assert lost
        assert money
        return {
            "tasks": {status.strip(): count for status, count in tasks},
            "leases_lost": lost[0],
            "charges": money[0],
            "charges_refunded": money[1],
        }
