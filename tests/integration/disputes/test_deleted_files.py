"""The files of what a buyer deleted stay while a bank has to decide about their money."""

from datetime import timedelta
from pathlib import Path

import pytest

from jewelrymodel.generation import operations as generation
from jewelrymodel.generation.operations import Deletable
from jewelrymodel.infra import storage
from jewelrymodel.infra.clock import now
from jewelrymodel.payments import queries as payments
from jewelrymodel.support import operations as support
from tests.support.bank import Bank
from tests.support.generation import approved_photo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("outcome", ["won", "lost"])
def test_a_dispute_keeps_files_until_it_is_decided(bank: Bank, files: Path, outcome: str) -> None:
    account_id = bank.seller.account_id
    work = bank.dispute(bank.buy())
    photo = approved_photo(bank.seller.account)
    generation.delete(account_id=account_id, what=Deletable.PHOTO, ids=[photo.pk], now=now())
    later = now() + timedelta(days=31)
    asked = [account_id, "acc_other"]
    assert payments.disputing_accounts(account_ids=asked) == {account_id}
    assert support.purge_deleted(now=later, machine_now=later).kept == 1
    assert storage.exists(photo.original_key)
    bank.decide(work, outcome)
    assert payments.disputing_accounts(account_ids=asked) == set()
    assert support.purge_deleted(now=later, machine_now=later).kept == 0
    assert not storage.exists(photo.original_key)
