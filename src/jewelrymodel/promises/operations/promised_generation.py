"""Ordering generations together with what is promised for their credits."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Task, TaskItem
from jewelrymodel.kernel.signing import sign
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind
from jewelrymodel.promises.models import GenerationPromise
from jewelrymodel.promises.queries import generation_lines, text_for_generations

_KEEP = """
INSERT INTO promises_task_promise (task_id, promise_id)
SELECT task.id, promise.id
FROM unnest(%s::text[]) AS task (id), promises_generation_promise AS promise
WHERE promise.sha256 = %s
ON CONFLICT (task_id) DO NOTHING
"""


@transaction.atomic
def with_promises(
    order: Callable[[], Iterable[Task]], *, account: Account, now: datetime
) -> list[Task]:
    """Return the generations that *order* orders at *now*, each with what is promised for it.

    Credits are held and promised in one transaction. What was ordered before keeps what it has.
    Where the edition in force can't be read they are ordered without a promise. Raises what
    *order* raises.
    """
    tasks = list(order())
    new = [one for one in tasks if one.created_at == now]
    if new:
        _keep(new, account, now)
    return tasks


def _keep(tasks: list[Task], account: Account, now: datetime) -> None:
    text = text_for_generations(now)
    if text is None:
        return
    prices = defaultdict[str, list[int]](list)
    items = TaskItem.objects.filter(task_id__in=[one.pk for one in tasks])
    for task_id, price in items.values_list("task_id", "credits"):
        prices[task_id].append(price)
    alike = defaultdict[tuple[int, int, int], list[str]](list)
    for task_id, its in prices.items():
        alike[len(its), sum(its), max(its)].append(task_id)
    for task_ids in alike.values():
        document = _document(prices[task_ids[0]], text, account)
        with connection.cursor() as cursor:
            sha256 = promise_document.sha256(document)
            cursor.execute(_KEEP, [task_ids, sha256])
            if not cursor.rowcount:
                _sign(document, text)
                cursor.execute(_KEEP, [task_ids, sha256])


def _document(prices: list[int], text: Edition, account: Account) -> str:
    """The same for every generation like it: it names no account, and since when it holds."""
    subject = f"images:{len(prices)} credits:{sum(prices)} dearest:{max(prices)}"
    lines = generation_lines(
        prices=prices, text=text, country=account.country, capacity=account.buyer_capacity
    )
    said = PromiseDocument(PromiseKind.GENERATION, "", subject, text.starts_at, lines)
    return promise_document.write(said)


def _sign(document: str, text: Edition) -> None:
    signed = sign(document, secret=settings.SIGNING_KEY)
    GenerationPromise.objects.bulk_create(
        [GenerationPromise(sha256=signed.sha256, made_at=text.starts_at, **signed.to_json())],
        ignore_conflicts=True,  # another order like it was first
    )
