"""Promises, signed and kept; triggers (0001, 0002) keep each as it was."""

from typing import ClassVar

from django.db import models

from jewelrymodel.accounts.models import Account
from jewelrymodel.generation.models import Task
from jewelrymodel.kernel.signing import Signed
from jewelrymodel.payments.models import Order, PlanChange, Subscription
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.promise_document import PromiseDocument


class SignedPromise(models.Model):
    """A document and its signature, as they were made."""

    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        abstract = True

    @property
    def signed(self) -> Signed:
        """The document with its signature."""
        return Signed(self.document, self.signature, self.public_key)

    @property
    def promise(self) -> PromiseDocument:
        """What it says."""
        return promise_document.read(self.signed.body)


class OrderPromise(SignedPromise):
    """What was shown and signed when an order was placed, before anybody could pay. Immutable."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="promise"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "promises_order_promise"
        indexes: ClassVar = [models.Index(fields=["account"], name="promises_order_of_account")]


class CancellationPromise(SignedPromise):
    """What was shown and signed when a plan was canceled; one each time. Immutable."""

    subscription = models.ForeignKey(Subscription, on_delete=models.PROTECT, db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "promises_cancellation_promise"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subscription", "made_at"], name="promises_cancellation_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["account"], name="promises_cancel_of_account")]


class ChangePromise(SignedPromise):
    """What was shown and signed when the difference to a larger plan was agreed to. Immutable."""

    change = models.OneToOneField(
        PlanChange, on_delete=models.PROTECT, primary_key=True, related_name="promise"
    )

    class Meta:
        db_table = "promises_change_promise"


class GenerationPromise(SignedPromise):
    """What is promised of every generation of so many images at such prices. Immutable.

    It is the same for all, so that it is signed once: `TaskPromise` says whose it is.
    """

    id = models.AutoField(primary_key=True)

    class Meta:
        db_table = "promises_generation_promise"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sha256"], name="promises_generation_once")
        ]


class TaskPromise(models.Model):
    """What was promised when a generation's credits were held. Immutable."""

    task = models.OneToOneField(
        Task, on_delete=models.PROTECT, primary_key=True, related_name="promised"
    )
    promise = models.ForeignKey(GenerationPromise, on_delete=models.PROTECT, db_index=False)

    class Meta:
        db_table = "promises_task_promise"
