"""Promises, signed and kept; a trigger (0001) keeps each as it was."""

from typing import ClassVar

from django.db import models

from jewelrymodel.accounts.models import Account
from jewelrymodel.kernel.signing import Signed
from jewelrymodel.payments.models import Order
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.promise_document import PromiseDocument


class OrderPromise(models.Model):
    """What was shown and signed when an order was placed, before anybody could pay. Immutable."""

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, related_name="promise"
    )
    account = models.ForeignKey(Account, on_delete=models.PROTECT, db_index=False)
    document = models.TextField()
    sha256 = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    public_key = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "promises_order_promise"
        indexes: ClassVar = [models.Index(fields=["account"], name="promises_order_of_account")]

    @property
    def signed(self) -> Signed:
        """The document with its signature."""
        return Signed(self.document, self.signature, self.public_key)

    @property
    def promise(self) -> PromiseDocument:
        """What it says."""
        return promise_document.read(self.signed.body)
