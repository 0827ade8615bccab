"""A shop with many pieces: drawn ones, with images that no generator was asked for.

Everything goes through the operations, each piece in one transaction: a shop that is half stocked
is stocked on from where it was, and no worker ever sees its generations open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from jewelrymodel.generation import operations
from jewelrymodel.generation.adapters import image_files
from jewelrymodel.generation.gateway import Measured, Output, Refusal
from jewelrymodel.generation.models import Photo, Piece
from jewelrymodel.generation.operations.leases import lease_task
from jewelrymodel.generation.statuses import PhotoStatus, Reason
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.ledger.movement_kinds import LotSource
from tests.support import pieces
from tests.support.generation import drawn_piece

LOOKS = ("marble", "velvet")
COLLECTIONS = ("Spring", "Silver", "Bridal", "Under $100", "Bestsellers", "One of a kind")
COLORS = ((214, 170, 80), (190, 190, 196), (205, 140, 110), (120, 122, 130))


@dataclass(frozen=True)
class Shop:
    """Whose shop it is, when its last piece came in, and how large its pictures are."""

    account_id: str
    now: datetime
    edge_px: int

    def stock(self, count: int, looks: Sequence[str] = LOOKS) -> int:
        """Have *count* pieces there, each with a photo and an image in each of *looks*, in six
        collections; return how many were new.
        """
        there = set(Piece.objects.filter(account_id=self.account_id).values_list("sku", flat=True))
        missing = [n for n in range(count) if sku_of(n) not in there]
        if missing:
            self._grant(count * len(looks) * 2)
        for n in missing:
            with transaction.atomic():
                self._add(n, looks, self.now - timedelta(hours=count - n))
        return len(missing)

    def _grant(self, quantity: int) -> None:
        ledger.grant(
            account_id=self.account_id,
            source=LotSource.PROMOTION,
            source_ref=f"stock of {quantity}",
            quantity=quantity,
            paid_minor=0,
            currency="USD",
            expires_at=None,
            idempotency_key=f"stock:{self.account_id}:{quantity}",
            now=self.now - timedelta(days=60),
        )

    def _add(self, n: int, looks: Sequence[str], at: datetime) -> None:
        kind, rgba = picture(n, self.edge_px)
        photo = self._photo(n, kind, rgba, at)
        operations.approve(
            account_id=self.account_id, photo_id=photo.id, kind=kind, size_mm=20, now=at
        )
        task = operations.submit(
            account_id=self.account_id,
            photo_id=photo.id,
            look_ids=looks,
            generator="embedded",
            idempotency_key=f"stock:{n}",
            now=at,
        )
        lease = lease_task(task_id=task.pk, now=at, machine_now=at)
        image = np.where(rgba[..., 3:] > 0, rgba[..., :3], np.uint8(235))
        for position in range(len(looks)):
            asset = image_files.store(f"assets/{self.account_id}/{new_id('out', now=at)}", image)
            output = Output(image, Measured({}, passed=True), (), {})
            operations.keep_output(
                lease=lease, position=position, stored=asset, output=output, now=at
            )
        operations.settle(
            lease=lease, leftover=Refusal(Reason.NOT_DELIVERED), now=at, machine_now=at
        )
        operations.collect(
            account_id=self.account_id,
            name=COLLECTIONS[n % len(COLLECTIONS)],
            piece_ids=[photo.piece_id],
            now=at,
        )

    def _photo(self, n: int, kind: str, rgba: NDArray[np.uint8], at: datetime) -> Photo:
        photo_id = new_id("photo", now=at)
        prefix = f"photos/{self.account_id}/{photo_id}"
        seen = np.where(rgba[..., 3:] > 0, rgba[..., :3], np.uint8(245))
        original = image_files.store(prefix, seen)
        cutout = image_files.store(f"{prefix}-1", rgba)
        return Photo.objects.create(
            id=photo_id,
            account_id=self.account_id,
            piece=Piece.objects.create(
                id=new_id("piece", now=at),
                account_id=self.account_id,
                name=f"{kind.capitalize()} no. {n + 1}",
                sku=sku_of(n),
                created_at=at,
            ),
            status=PhotoStatus.SHOWN,
            file_name=f"{sku_of(n)}.jpg",
            original_key=original.image_key,
            view_key=original.view_key,
            cutout_key=cutout.image_key,
            cutout_view_key=cutout.view_key,
            sha256=original.sha256,
            width_px=original.width_px,
            height_px=original.height_px,
            kind=kind,
            verdict="good",
            created_at=at,
        )


def sku_of(n: int) -> str:
    """Return the SKU of the piece *n*."""
    return f"S-{n + 1:03}"


def picture(n: int, edge_px: int) -> tuple[str, NDArray[np.uint8]]:
    """Return the kind of the piece *n* and its cutout, of *edge_px* each way."""
    color = np.array(COLORS[n % len(COLORS)], np.float64)
    if n % 3 == 0:
        kind, rgba = "pendant", drawn_piece(edge_px)
    else:
        drawn = pieces.ring(edge_px) if n % 3 == 1 else pieces.pair(edge_px)
        kind, rgba = drawn.kind.value, drawn.rgba.copy()
    light = rgba[..., :3].mean(axis=-1, keepdims=True) / 255
    shade = np.clip(color * (0.45 + light * 0.8), 0, 255)
    return kind, np.concatenate([shade.astype(np.uint8), rgba[..., 3:]], axis=-1)
