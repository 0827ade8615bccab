"""What breaks the service while the crowd goes on, and what sets it right again."""

import json
import os
import re
import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import psycopg

from jewelrymodel.sandbox.webhook_deliveries import sign
from tests.support.campaign.plan import Fate, Trouble
from tests.support.campaign.records import Records
from tests.support.campaign.robot import Robot
from tests.support.outside import KEY
from tests.support.service import COMMAND, Service, processes_of, start, wait_for

_PAGE_BYTES = 4_096
A_MONTH = ("month", "day")  # a renewal is collected an hour after its period
_DECLINED = {"decline_renewals": 3}
LASTING = 8  # how many acts a trouble lasts that is set right again
_HONEST = {
    "drop_webhooks": 0,
    "repeat_webhooks": 0,
    "reorder_webhooks": False,
    "forge_webhooks": 0,
    "server_errors": 0,
    "timeouts_after_acting": 0,
    "decline_renewals": 0,
}
_FAULTS: dict[Trouble, dict[str, object]] = {
    Trouble.DROP: {"drop_webhooks": 6},
    Trouble.REPEAT: {"repeat_webhooks": 2},
    Trouble.REORDER: {"reorder_webhooks": True},
    Trouble.FORGE: {"forge_webhooks": 6},
    Trouble.PROCESSOR_ERRORS: {"server_errors": 6, "timeouts_after_acting": 1, "timeout_s": 6.0},
}
_PARTS = {
    Trouble.KILL_WORKER: "worker",
    Trouble.KILL_WEB: "web",
    Trouble.KILL_DATABASE: "postgres",
    Trouble.KILL_MAIL: "mail",
    Trouble.KILL_PROCESSOR: "sandbox",
}
_STEPS = {
    Trouble.AN_HOUR_ON: ("hour",),
    Trouble.A_DAY_ON: ("day",),
    Trouble.A_MONTH_ON: A_MONTH,
    Trouble.A_DECLINED_MONTH_ON: A_MONTH,
}
_RESTART_S = 120


class SecondWorker:
    """A worker as on another machine: nobody but us starts it again."""

    def __init__(self, service: Service) -> None:
        self._env = {**service.env, "LOG_LEVEL": "WARNING"}
        self._log = service.log_path.with_suffix(".second.log")
        self._ended = threading.Event()
        self._process = self._start()
        self._keeper = threading.Thread(target=self._keep, daemon=True)
        self._keeper.start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [COMMAND, "worker"], env=self._env, stdout=log, stderr=log, process_group=0
            )

    def _keep(self) -> None:
        while not self._ended.wait(0.5):
            if self._process.poll() is not None:
                self._process = self._start()

    @property
    def pid(self) -> int:
        """The process that it is now."""
        return self._process.pid

    def kill(self) -> None:
        """End it as kill -9 does."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def stop(self) -> None:
        """End it for good."""
        self._ended.set()
        self._keeper.join()
        self.kill()
        self._process.wait()


class Saboteur:
    """Breaks one thing at a time; ``service`` is the one that runs now."""

    def __init__(self, service: Service, database: str, records: Records) -> None:
        self.service, self.database, self.records = service, database, records
        self.second = SecondWorker(service)
        self._to_mend: list[tuple[int, Callable[[], object]]] = []
        self._paused: list[threading.Thread] = []
        self._robot: Robot | None = None

    def break_now(self, trouble: Trouble, at: int) -> None:
        """Make *trouble*, at the act number *at*."""
        if trouble in _FAULTS:
            self._spoil(self.service.port + 1, _FAULTS[trouble])
        elif trouble in _PARTS:
            self._kill(_PARTS[trouble])
        elif trouble is Trouble.KILL_OTHER_WORKER:
            self.second.kill()
        elif trouble is Trouble.KILL_SUPERVISOR:
            self._kill_supervisor()
        elif trouble is Trouble.PAUSE_WORKER:
            self._pause_worker()
        elif trouble is Trouble.LIE:
            self._lie()
        elif trouble is Trouble.MAIL_LOOP:
            self._robot = self._robot or Robot(self.service, self.database, self.records)
        elif trouble is Trouble.DISK_FULL:
            self._limit_files(_PAGE_BYTES)
            self._to_mend.append((at, lambda: self._limit_files(resource.RLIM_INFINITY)))
        elif trouble is Trouble.GENERATOR_DOWN:
            self._spoil(self.service.port + 2, {"down": 1})
            mend = {"down": 0}
            self._to_mend.append((at, lambda: self._spoil(self.service.port + 2, mend)))
        else:
            if trouble is Trouble.A_DECLINED_MONTH_ON:
                self._spoil(self.service.port + 1, _DECLINED)
            self.move_clock(*_STEPS[trouble])

    def spoil_next_job(self, behaviour: str) -> None:
        """Have the generator's stand-in do so with its next job."""
        self._spoil(self.service.port + 2, {"behaviour": behaviour, "times": 1, "seconds": 1})

    def mend_what_is_over(self, at: int) -> None:
        """Set right what lasted long enough."""
        over = [mend for since, mend in self._to_mend if at >= since + LASTING]
        self._to_mend = [one for one in self._to_mend if at < one[0] + LASTING]
        for mend in over:
            mend()

    def set_right(self) -> None:
        """End every trouble, and wait until all parts are up."""
        for thread in self._paused:
            thread.join()
        for _, mend in self._to_mend:
            mend()
        self._to_mend = []
        wait_for(
            lambda: not self.service.health().get("down", ["?"]),
            timeout_s=_RESTART_S,
            what=lambda: f"not up again: {self.service.health()}\n{self.service.log[-2000:]}",
        )
        self._spoil(self.service.port + 1, _HONEST)
        honest = {"behaviour": "honest", "times": 0, "down": 0, "seconds": 0.05}
        self._spoil(self.service.port + 2, honest)
        url = f"http://127.0.0.1:{self.service.port + 1}/_sandbox/webhooks/flush"
        self._post(url, {"wait_s": 10})
        self.move_clock(*A_MONTH)  # what is to be looked at later is due, and every plan renews

    def end_loop(self) -> int:
        """Let the program answer no more; return how many of our mails it got."""
        return self._robot.stop() if self._robot else 0

    def stop(self) -> None:
        """End what we started."""
        self.end_loop()
        self.second.stop()
        if self.service.process.poll() is None:
            self.service.stop()

    def _kill(self, part: str) -> None:
        """As kill -9 of its whole group; one that isn't up has been killed enough."""
        if leader := self.service.leader_of(part):
            os.killpg(leader, signal.SIGKILL)

    def _kill_supervisor(self) -> None:
        """Its parts go with it; whoever watches it starts it again."""
        old = self.service
        old.process.kill()
        old.process.wait()

        def ours() -> list[int]:
            return [pid for pid in processes_of(old.data_dir) if _is_part(pid)]

        wait_for(lambda: not ours(), timeout_s=60, what=lambda: f"left: {ours()}")
        self.service = start(old.data_dir, "--empty", port=old.port, settings=old.settings)

    def _pause_worker(self) -> None:
        """Stop it with work in its hands, until another took that over or its lease is past."""
        leader = self.service.leader_of("worker")
        if leader is None:
            return
        os.killpg(leader, signal.SIGSTOP)
        thread = threading.Thread(target=self._go_on_later, args=(leader,))
        thread.start()
        self._paused.append(thread)

    def _go_on_later(self, leader: int) -> None:
        """Longer than a lease is long (20 s), and less than the supervisor waits for a beat."""
        threading.Event().wait(25)
        try:
            os.killpg(leader, signal.SIGCONT)
        except ProcessLookupError:
            return  # it was killed meanwhile

    def _limit_files(self, longest_bytes: int) -> None:
        """Let the workers' processes write no longer files: a write beyond ends in an error.

        A disk of their own that fills would need root's rights (a small tmpfs, a quota); this needs
        none, and the write fails at the same place, with EFBIG for ENOSPC. A worker that is started
        meanwhile has all its room.
        """
        leaders = [self.service.leader_of("worker"), self.second.pid]
        for leader in filter(None, leaders):
            limits = (longest_bytes, resource.RLIM_INFINITY)
            with suppress(ProcessLookupError):  # it was killed meanwhile
                resource.prlimit(leader, resource.RLIMIT_FSIZE, limits)

    def _lie(self) -> None:
        """Say of an unpaid order that it was paid: by a stranger, and under the right secret."""
        unpaid = [one for one, fate in self.records.sessions.items() if fate is Fate.LEFT]
        if not unpaid:
            return
        url = f"http://127.0.0.1:{self.service.port + 1}/v1/checkout/sessions/{unpaid[-1]}"
        session = self._get(url)
        session |= {"payment_status": "paid", "status": "complete", "payment_intent": "pi_lie"}
        event = {
            "id": f"evt_lie{session['id'][-20:]}",
            "object": "event",
            "type": "checkout.session.completed",
            "livemode": False,
            "created": session["created"],
            "data": {"object": session},
        }
        body = json.dumps(event)
        secret = (self.service.data_dir / "secrets" / "stripe_webhook_secret").read_text()
        at = int(time.clock_gettime(time.CLOCK_REALTIME))
        for key, expected in (("whsec_of_a_stranger", 400), (secret, 200)):
            headers = {"Stripe-Signature": sign(body, key, at), "Content-Type": "application/json"}
            answer = self._patiently(
                lambda headers=headers: httpx.post(
                    f"{self.service.url}/hooks/stripe", content=body, headers=headers, timeout=20
                )
            )
            assert answer.status_code == expected, f"a lie was answered {answer.status_code}"

    def move_clock(self, *steps: str) -> None:
        """Let time move on by these steps, here and at the processor."""
        for step in steps:
            self._patiently(lambda step=step: self._move(step))
            self._agree_on_time()

    def _move(self, step: str) -> httpx.Response:
        with httpx.Client(timeout=30, trust_env=False) as client:
            token = re.search(
                r'name="csrfmiddlewaretoken" value="([^"]+)"',
                client.get(f"{self.service.url}/demo/").text,
            )
            assert token
            form = {"csrfmiddlewaretoken": token[1], "step": step}
            return client.post(f"{self.service.url}/demo/time", data=form)

    def _agree_on_time(self) -> None:
        """Give the processor's stand-in our time, in case that it was away when ours moved: the
        demo's page then asks for another step, and until it comes no payment page can be made.
        """
        with psycopg.connect(self.database) as connection:
            row = connection.execute("SELECT offset_s FROM infra_clock_offset").fetchone()
        if row:
            url = f"http://127.0.0.1:{self.service.port + 1}/_sandbox/clock"
            self._post(url, {"offset_s": row[0]})

    def _spoil(self, port: int, faults: dict[str, object]) -> None:
        self._post(f"http://127.0.0.1:{port}/_sandbox/faults", faults)

    def _post(self, url: str, sent: dict[str, object]) -> None:
        answer = self._patiently(lambda: httpx.post(url, json=sent, timeout=30))
        assert answer.status_code == 200, answer.text

    def _get(self, url: str) -> dict[str, object]:
        return dict(self._patiently(lambda: httpx.get(url, headers=KEY, timeout=30)).json())

    def _patiently(self, ask: Callable[[], httpx.Response]) -> httpx.Response:
        """The first answer that is none of a part that is being started again."""
        found: list[httpx.Response] = []

        def answered() -> bool:
            try:
                answer = ask()
            except (httpx.TransportError, AssertionError):
                return False
            if answer.status_code < 500:
                found.append(answer)
            return bool(found)

        wait_for(answered, timeout_s=_RESTART_S, what="a part stayed away", pause_s=0.5)
        return found[0]


def _is_part(pid: int) -> bool:
    """Whether a process is the supervisor's, not the second worker or one of its helpers."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes()
        group = os.getpgid(pid)
        leader = Path(f"/proc/{group}/cmdline").read_bytes()
    except OSError:
        return False
    return b"jewelrymodel.config" in leader or b"postgres" in words
