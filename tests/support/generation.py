"""A seller with credits and an approved piece of our own drawing, and the clocks of a worker."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from procrastinate.contrib.django.models import ProcrastinateJob

from jewelrymodel.accounts.models import Account
from jewelrymodel.accounts.operations import register
from jewelrymodel.catalog.products import Work
from jewelrymodel.generation import abandoned_work, operations, queries, task_worker
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.lease_heartbeat import Clock
from jewelrymodel.generation.models import Photo, Piece, Task
from jewelrymodel.generation.statuses import GeneratorName, PhotoStatus
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger import queries as ledger_queries
from jewelrymodel.ledger.movement_kinds import LotSource
from jewelrymodel.studio.composition import Adjustment
from jewelrymodel.studio.looks import LookKind
from tests.support.publishing import publish_credit_price

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Hands:
    """Clocks that stand still until they are moved."""

    at: datetime = NOW
    slept_s: float = field(default=0.0)

    def clock(self) -> Clock:
        return Clock(now=lambda: self.at, machine_now=lambda: self.at, sleep=self.sleep)

    def sleep(self, seconds: float) -> None:
        """Waiting for the generator takes a moment of real time and more of ours."""
        self.slept_s += seconds
        time.sleep(min(seconds, 0.05))

    def pass_(self, **how_long: float) -> None:
        self.at += timedelta(**how_long)


def seller(name: str = "ringmaker", quantity: int = 10) -> Account:
    """An account with credits, and prices to spend them at."""
    since = NOW - timedelta(days=30)
    for kind, price in ((Work.IMAGE, 1), (Work.PREVIEW, 0)):
        publish_credit_price(work=kind, quantity=price, effective_from_at=since, now=since)
    membership = register(email=f"{name}@shop.example", password=None, account_name=name, now=NOW)
    if quantity:
        grant(membership.account, quantity, f"welcome {name}")
    return membership.account


def grant(account: Account, quantity: int, ref: str = "gift") -> None:
    """Put credits on an account that nobody paid for."""
    ledger.grant(
        account_id=account.id,
        source=LotSource.PROMOTION,
        source_ref=ref,
        quantity=quantity,
        paid_minor=0,
        currency="",
        expires_at=None,
        idempotency_key=ref,
        now=NOW,
    )


def drawn_piece(edge_px: int = 360) -> NDArray[np.uint8]:
    """An invented pendant with known alpha: facets, a rim, a bail; nothing that is symmetric."""
    random = np.random.default_rng(7)
    rgba = np.zeros((edge_px, edge_px, 4), np.uint8)
    middle, radius = (edge_px // 2, edge_px * 11 // 20), edge_px // 3
    cv2.circle(rgba, (middle[0], edge_px // 8), edge_px // 16, (212, 175, 85, 255), 6, cv2.LINE_AA)
    cv2.circle(rgba, middle, radius, (212, 175, 85, 255), -1, cv2.LINE_AA)
    for n in range(26):
        angle = n * 0.77
        tip = (
            int(middle[0] + np.cos(angle) * radius * 0.85),
            int(middle[1] + np.sin(angle) * radius * 0.85),
        )
        color = (*[int(c) for c in random.integers(40, 240, 3)], 255)
        cv2.line(rgba, middle, tip, color, int(random.integers(2, 6)), cv2.LINE_AA)
    cv2.circle(rgba, (middle[0] - 20, middle[1] - 12), radius // 3, (40, 90, 160, 255), -1)
    return rgba


def piece(account: Account, **fields: Any) -> Piece:
    """A piece of theirs without a photo, as *fields* have it."""
    return Piece.objects.create(
        id=new_id("piece", now=NOW), account=account, **{"created_at": NOW, **fields}
    )


def approved_photo(account: Account, *, kind: str = "pendant") -> Photo:
    """A photo whose cutout its seller approved; the piece is drawn, so its alpha is exact."""
    rgba = drawn_piece()
    photo_id = new_id("photo", now=NOW)
    original = image_files.store(f"photos/{account.id}/{photo_id}", rgba[..., :3].copy())
    cutout = image_files.store(f"photos/{account.id}/{photo_id}-1", rgba)
    return Photo.objects.create(
        id=photo_id,
        account=account,
        piece=piece(account),
        status=PhotoStatus.SHOWN,
        original_key=original.image_key,
        view_key=original.view_key,
        cutout_key=cutout.image_key,
        cutout_view_key=cutout.view_key,
        sha256=original.sha256,
        width_px=original.width_px,
        height_px=original.height_px,
        kind=kind,
        verdict="good",
        created_at=NOW,
    )


def approve(photo: Photo, *, size_mm: float = 24) -> Photo:
    return operations.approve(
        account_id=photo.account_id, photo_id=photo.id, kind=photo.kind, size_mm=size_mm, now=NOW
    )


def order(
    photo: Photo,
    *,
    images: int = 1,
    key: str = "k1",
    generator: GeneratorName = GeneratorName.HOSTED,
    looks: list[str] | None = None,
    aspects: Sequence[str] = ("1:1",),
    adjustments: Mapping[tuple[str, str], Adjustment] | None = None,
    **options: object,
) -> Task:
    """Order images of a photo, small ones."""
    return operations.submit(
        account_id=photo.account_id,
        photo_id=photo.id,
        look_ids=looks or scenes(images, generator),
        aspects=aspects,
        adjustments=adjustments or {},
        generator=generator,
        idempotency_key=key,
        edge_px=360,
        options=dict(options),
        now=NOW,
    )


def scenes(images: int, generator: GeneratorName) -> list[str]:
    """Look ids of scenes that a generator makes, repeated where there are fewer."""
    ids = [look.id for look in queries.looks("pendant", generator) if look.kind is LookKind.SCENE]
    return [ids[n % len(ids)] for n in range(images)]


def work(task: Task, hands: Hands) -> Task:
    """Let a worker visit the task once."""
    task_worker.run_task(task.id, hands.clock())
    task.refresh_from_db()
    return task


def sweep(hands: Hands) -> None:
    """One sweep, and the late collections that it asks for."""
    abandoned_work.sweep(hands.clock())
    asked = ProcrastinateJob.objects.filter(task_name="generation.collect_late", status="todo")
    for job in asked:
        task_worker.collect_late(job.args["task_id"], hands.clock())


def credits_of(account: Account) -> tuple[int, int]:
    """What is available and what is held."""
    balance = ledger_queries.balance(account.id, NOW + timedelta(days=1))
    return balance.available, balance.held


def books_balance() -> bool:
    """Whether the ledger agrees with itself."""
    return not ledger_queries.verify()
