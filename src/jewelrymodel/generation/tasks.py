"""The room's jobs: nudges, each about one row that is the truth. Load, one call."""

import logging

from django.db import close_old_connections
from procrastinate.contrib.django import app

from jewelrymodel.generation import abandoned_work, cutout_worker, operations, task_worker
from jewelrymodel.generation.lease_heartbeat import Clock
from jewelrymodel.generation.operations import own_model_end, own_model_oblivion
from jewelrymodel.generation.queries import own_models
from jewelrymodel.infra import clock, housekeeping

logger = logging.getLogger(__name__)
CLOCK = Clock(now=clock.now, machine_now=clock.real_now)


@app.task(name="generation.run")
def run(task_id: str) -> None:
    """Drive one task; somebody else being at it is no fault."""
    close_old_connections()
    try:
        task_worker.run_task(task_id, CLOCK)
    except (operations.NotLeasable, operations.FenceLost) as reason:
        logger.info("%s left alone: %s", task_id, reason)
    finally:
        close_old_connections()


@app.task(name="generation.cut_out")
def cut_out(photo_id: str) -> None:
    """Cut the piece out of one photo."""
    close_old_connections()
    try:
        cutout_worker.cut_photo(photo_id, CLOCK)
    except (operations.NotLeasable, operations.FenceLost) as reason:
        logger.info("%s left alone: %s", photo_id, reason)
    finally:
        close_old_connections()


@app.task(name="generation.collect_late")
def collect_late(task_id: str) -> None:
    """Hand over what a generator delivers after we had taken the loss."""
    close_old_connections()
    try:
        task_worker.collect_late(task_id, CLOCK)
    finally:
        close_old_connections()


@app.task(name="generation.tell_ending")
def tell_ending(*, task_id: str) -> None:
    """Email that a generation has ended, to who asked for that and hasn't seen it."""
    close_old_connections()
    try:
        operations.tell_ending(task_id=task_id, machine_now=clock.real_now())
    finally:
        close_old_connections()


@app.task(name="generation.start_selection")
def start_selection(*, subject_id: str) -> None:
    """Start what a delivered order was bought for, if anything was."""
    close_old_connections()
    try:
        operations.start_selection(order_id=subject_id, now=clock.now())
    finally:
        close_old_connections()


@app.task(name="generation.erase_own_model")
def erase_own_model(*, model_id: str) -> None:
    """Erase the photo of a model whose agreement ended."""
    close_old_connections()
    try:
        own_model_end.erase_own_model(model_id=model_id, now=clock.now())
    finally:
        close_old_connections()


@app.periodic(cron="*/5 * * * *")
@app.task(name="generation.end_own_models", queueing_lock="generation.end_own_models")
def end_own_models(timestamp: int) -> None:
    """End agreements whose term is over, erase what an earlier worker left, and forget who agreed
    once that is long enough ago.
    """
    close_old_connections()
    try:
        now = clock.now()
        own_model_end.end_what_is_over(now=now, machine_now=clock.real_now())
        due = own_models.own_models_to_forget(now=now).count()
        failed = own_model_oblivion.forget_agreements(now=now)
        housekeeping.note_run(
            "generation.end_own_models",
            removed=max(due - failed, 0),
            kept=failed,
            machine_now=clock.real_now(),
        )
    finally:
        close_old_connections()


@app.periodic(cron="* * * * * */10")
@app.task(name="generation.sweep", queueing_lock="generation.sweep")
def sweep(timestamp: int) -> None:
    """Take up what was lost, end what was lost too often, ask for what comes late."""
    close_old_connections()
    try:
        abandoned_work.sweep(CLOCK)
    finally:
        close_old_connections()
