"""How a task ends: what is durable is captured, the rest released, in one guarded transaction."""

from datetime import datetime

from django.db import transaction

from jewelrymodel.generation.adapters.image_files import StoredImage
from jewelrymodel.generation.gateway import Output, Refusal
from jewelrymodel.generation.lease import Lease
from jewelrymodel.generation.limits import LATE_LIMIT, UNSEEN_FOR
from jewelrymodel.generation.models import Asset, Task, TaskItem
from jewelrymodel.generation.operations.leases import FenceLost
from jewelrymodel.generation.operations.own_model_guard import require_still_agreed
from jewelrymodel.generation.rules import task_outcome
from jewelrymodel.generation.statuses import TASK_OPEN, ItemState, Reason, TaskStatus
from jewelrymodel.infra import prepared, queue
from jewelrymodel.kernel.errors import CodedError
from jewelrymodel.kernel.ids import new_id
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.studio.image_check_record import CHECK_VERSION
from jewelrymodel.studio.look_hash import look_hash
from jewelrymodel.studio.retouching import retouched_note

TELL_ENDING = "generation.tell_ending"
_ENDING = (
    *("credits_charged", "status", "reason_code", "reason_detail", "late_until_at"),
    *("finished_at", "lease_until_at", "step", "fence"),
)
# What every image asks; put together once.
_GUARDED = prepared.spelled(
    """
SELECT task.* FROM generation_task AS task
WHERE task.id = %s AND task.fence = %s AND task.status = 'running' FOR UPDATE
""",
    task=Task,
)
_WAITING = prepared.spelled(
    """
SELECT item.*, task.*
FROM generation_task AS task JOIN generation_task_item AS item ON item.task_id = task.id
WHERE task.id = %s AND task.fence = %s AND task.status = 'running' AND item.position = %s
    AND item.state = 'waiting'
FOR UPDATE OF task
""",
    task=Task,
    item=TaskItem,
)
_ITEMS = prepared.spelled(
    "SELECT item.* FROM generation_task_item AS item WHERE task_id = %s ORDER BY position",
    item=TaskItem,
)
_ITEM_WIDTH = len(TaskItem._meta.concrete_fields)


class NotOwedAnymore(CodedError):
    """This image was delivered already, or nothing was owed for it."""


def keep_output(
    *, lease: Lease, position: int, stored: StoredImage, output: Output, now: datetime
) -> Asset:
    """Turn a stored output into the customer's asset and its image into a delivered one.

    Raises FenceLost, and AgreementOver where the person in it revoked meanwhile. The charge comes
    with the settlement, never before.
    """
    with transaction.atomic():
        item = _waiting_item(lease, position)
        require_still_agreed(item, now)
        item.state = ItemState.DELIVERED
        asset = _new_asset(item.task, item, stored, output, now)
        prepared.together(prepared.update(item, "state"), prepared.insertion(asset))
        return asset


def fail_item(*, lease: Lease, position: int, refusal: Refusal) -> None:
    """Note that one image will not come, and why; raises FenceLost."""
    with transaction.atomic():
        task = _guarded(lease)
        _fail(list(task.items.filter(position=position, state=ItemState.WAITING)), refusal)


def settle(*, lease: Lease, leftover: Refusal, now: datetime, machine_now: datetime) -> Task:
    """End a leased task: images still waiting end with *leftover*, credits follow (5.3, edge 2).

    Capture, release and final status commit together or not at all. Raises FenceLost.
    """
    with transaction.atomic():
        return close(_guarded(lease), leftover=leftover, now=now, machine_now=machine_now)


def give_up(*, task_id: str, now: datetime, machine_now: datetime) -> Task:
    """End a task whose workers were lost too often; raises FenceLost where one is at work."""
    with transaction.atomic():
        task = Task.objects.select_for_update().filter(pk=task_id, status__in=TASK_OPEN).first()
        if task is None or (task.lease_until_at and task.lease_until_at > machine_now):
            raise FenceLost
        leftover = Refusal(Reason.WORKER_LOST)
        return close(task, leftover=leftover, now=now, machine_now=machine_now)


def close(task: Task, *, leftover: Refusal, now: datetime, machine_now: datetime) -> Task:
    """Resolve the hold and make *task* final; the caller holds its row lock.

    Lock order everywhere: the task's row, then the account's wallet inside the ledger.
    """
    items = [prepared.read(TaskItem, row) for row in prepared.rows(_ITEMS, (task.pk,))]
    _fail([item for item in items if item.state == ItemState.WAITING], leftover)
    task.credits_charged = sum(i.credits for i in items if i.state == ItemState.DELIVERED)
    key = f"settle:{task.id}"
    if task.credits_charged:
        ledger.capture(
            hold_id=task.hold_id, quantity=task.credits_charged, idempotency_key=key, now=now
        )
    else:
        ledger.release(hold_id=task.hold_id, idempotency_key=key, now=now)
    canceled = leftover.code == Reason.CANCELED
    task.status = task_outcome.final_status([item.state for item in items], canceled=canceled)
    _explain(task, items)
    if task.provider_handle and any(i.reason_code == Reason.GENERATOR_TIMEOUT for i in items):
        task.late_until_at = machine_now + LATE_LIMIT
    task.finished_at, task.lease_until_at, task.step = now, None, ""
    task.fence += 1
    prepared.together(prepared.update(task, *_ENDING))
    queue.defer(TELL_ENDING, schedule_at=machine_now + UNSEEN_FOR, task_id=task.pk)
    return task


def deliver_late(
    *, task_id: str, position: int, stored: StoredImage, output: Output, now: datetime
) -> Asset:
    """Hand over, free, what a generator delivered after we had taken the loss (edge 3).

    Nothing is debited: the hold was resolved when the task ended. Raises NotOwedAnymore.
    """
    with transaction.atomic():
        task = Task.objects.select_for_update().get(pk=task_id)
        item = task.items.filter(
            position=position, state=ItemState.FAILED, reason_code=Reason.GENERATOR_TIMEOUT
        ).first()
        if item is None or task.finished_at is None:
            raise NotOwedAnymore
        item.state, item.late = ItemState.DELIVERED, True
        item.reason_code, item.reason_detail, item.former_reason = "", {}, ""
        item.save()
        asset = _new_asset(task, item, stored, output, now)
        asset.save(force_insert=True)
        return asset


def stop_waiting(*, task_id: str) -> None:
    """Stop asking a generator for what it still owes."""
    Task.objects.filter(pk=task_id).update(late_until_at=None)


def _guarded(lease: Lease) -> Task:
    """The leased task, whose row is locked; raises FenceLost."""
    found = prepared.rows(_GUARDED, (lease.subject_id, lease.fence))
    if not found:
        raise FenceLost
    return prepared.read(Task, found[0])


def _waiting_item(lease: Lease, position: int) -> TaskItem:
    """The image that is waited for, with its task, whose row is locked; raises FenceLost."""
    found = prepared.rows(_WAITING, (lease.subject_id, lease.fence, position))
    if not found:
        _guarded(lease)
        raise TaskItem.DoesNotExist
    item = prepared.read(TaskItem, found[0][:_ITEM_WIDTH])
    item.task = prepared.read(Task, found[0][_ITEM_WIDTH:])
    return item


def _fail(items: list[TaskItem], refusal: Refusal) -> None:
    canceled = refusal.code == Reason.CANCELED
    for item in items:
        item.state = ItemState.CANCELED if canceled else ItemState.FAILED
        item.reason_code = refusal.code
        item.reason_detail = refusal.detail.stored if refusal.detail else {}
        item.save(update_fields=["state", "reason_code", "reason_detail"])


def _explain(task: Task, items: list[TaskItem]) -> None:
    if task.status != TaskStatus.SUCCEEDED:
        first = next(item for item in items if item.state != ItemState.DELIVERED)
        task.reason_code, task.reason_detail = first.reason_code, first.reason_detail


def _new_asset(
    task: Task, item: TaskItem, stored: StoredImage, output: Output, now: datetime
) -> Asset:
    return Asset(
        id=new_id("asset", now=now),
        account_id=task.account_id,
        item=item,
        image_key=stored.image_key,
        view_key=stored.view_key,
        sha256=stored.sha256,
        look_hash=look_hash(output.image),
        width_px=stored.width_px,
        height_px=stored.height_px,
        fidelity={**output.fidelity.figures, "passed": output.fidelity.passed},
        check_version=CHECK_VERSION,
        alterations=[
            one.stored for one in (*retouched_note(task.retouched_mm2), *output.alterations)
        ],
        declared_parts=[one.stored for one in output.declared_parts],
        generator=task.generator,
        settings=dict(output.settings),
        cost_micros=output.cost_micros,
        created_at=now,
    )
