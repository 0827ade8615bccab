"""A real worker under a pile of pictures: what waits behind them, and what doesn't."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings as present
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django import Settings

from jewelrymodel.generation.models import Task
from jewelrymodel.generation.statuses import GeneratorName, TaskStatus
from jewelrymodel.infra import queue
from jewelrymodel.infra.models import InboxMessage
from jewelrymodel.payments import operations
from jewelrymodel.payments.models import Order, Refund
from jewelrymodel.payments.statuses import OrderState, RefundState
from tests.support import generation as world
from tests.support import shop
from tests.support.service import COMMAND, wait_for
from tests.support.shop import Sandbox

PICTURES = 30
ONE_WHO_NEVER_ANSWERS = "generation.run"


@pytest.fixture
def hung_generator() -> Iterator[str]:
    """A generator elsewhere that takes every call and answers none while the test runs."""
    end = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            self.rfile.readline()
            end.wait()

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        end.set()
        server.shutdown()


@contextmanager
def worker(*options: str, generator: str = "") -> Iterator[Callable[[], str]]:
    """``jewelrymodel worker`` on the test's database; yields what gives its words so far."""
    database = connection.settings_dict
    url = f"postgresql:///{database['NAME']}?host={database['HOST']}&user={database['USER']}"
    environment = os.environ | {
        "DEMO": "0",
        "DATABASE_URL": url,
        "DATA_DIR": str(present.DATA_DIR),
        "SECRET_KEY": present.SECRET_KEY,
        "HOSTED_GENERATOR_URL": generator,
        "STRIPE_API_BASE": present.STRIPE_API_BASE,
        "STRIPE_SECRET_KEY": present.STRIPE_SECRET_KEY,
        "EMAIL_PORT": "1",  # nobody listens: a mail that can't be sent waits, and blocks nobody
    }
    log = Path(present.DATA_DIR) / "worker.log"
    with log.open("w") as words:
        process = subprocess.Popen(
            [COMMAND, "worker", *options], env=environment, stdout=words, stderr=words
        )
    try:
        yield log.read_text
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_a_webhook_and_a_refund_are_worked_on_while_pictures_wait(
    committing_db: None,
    sandbox: Sandbox,
    files: Path,
    hung_generator: str,
    client: Client,
    settings: Settings,
) -> None:
    settings.HOSTED_GENERATOR_URL = hung_generator
    ringmaker = world.seller(quantity=PICTURES)
    photo = world.approve(world.approved_photo(ringmaker))
    for number in range(PICTURES):
        world.order(photo, key=f"k{number}", generator=GeneratorName.HOSTED)
    shop.register_terms()
    bought, unseen = refundable(sandbox), paid_unseen(sandbox)
    with worker(generator=hung_generator) as words:
        wait_for(lambda: running() > 1, timeout_s=60, what=lambda: f"no picture begun\n{words()}")
        shop.deliver(client, sandbox.wait_for("checkout.session.completed", 2)[-1])
        refund = operations.intend_refund(
            account_id=bought.account_id,
            charge_id=bought.charges.get().pk,
            amount_minor=1000,
            decision_id="dec_1",
            reason="6.1",
            revokes_credits=False,
            now=shop.now(),
        )
        wait_for(
            lambda: (
                Order.objects.get(pk=unseen.pk).state == OrderState.DELIVERED
                and Refund.objects.get(pk=refund.pk).state == RefundState.SUCCEEDED
            ),
            timeout_s=60,
            what=lambda: f"money waits: {queue.waiting(machine_now=shop.now())}\n{words()}",
        )
        assert InboxMessage.objects.get().processed_at is not None
        assert not Task.objects.filter(status=TaskStatus.SUCCEEDED).exists()


def test_jobs_that_were_deferred_before_there_were_lanes_are_worked_on(
    committing_db: None, sandbox: Sandbox, files: Path
) -> None:
    shop.register_terms()
    unseen = paid_unseen(sandbox)
    queue.defer("payments.settle_order", queue="default", order_id=unseen.pk)
    left = ProcrastinateJob.objects.filter(queue_name="default", task_name="payments.settle_order")
    assert left.exists()
    with worker("--queue", "default") as words:
        wait_for(
            lambda: not left.exists(),
            timeout_s=60,
            what=lambda: f"left behind: {queue.waiting(machine_now=shop.now())}\n{words()}",
        )
    assert Order.objects.get(pk=unseen.pk).state == OrderState.DELIVERED


def running() -> int:
    """How many pictures a worker has in hand."""
    return ProcrastinateJob.objects.filter(task_name=ONE_WHO_NEVER_ANSWERS, status="doing").count()


def refundable(sandbox: Sandbox) -> Order:
    """An order that was paid and delivered."""
    checkout = shop.start(shop.register("ada@rings.example"))
    sandbox.pay(checkout.url)
    return shop.settle(checkout.order)


def paid_unseen(sandbox: Sandbox) -> Order:
    """An order that is paid at the processor, while we know nothing of it yet."""
    checkout = shop.start(shop.register("ben@rings.example"))
    sandbox.pay(checkout.url)
    return checkout.order
