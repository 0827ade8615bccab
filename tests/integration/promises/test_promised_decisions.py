"""A later decision on an order is never worse than its promise, whatever changed since (3.4)."""

import pytest

from jewelrymodel.accounts.models import Membership
from jewelrymodel.catalog import queries as catalog
from jewelrymodel.catalog import terms
from jewelrymodel.kernel.actors import Actor
from jewelrymodel.kernel.signing import sign
from jewelrymodel.ledger import operations as ledger
from jewelrymodel.payments import operations as payments
from jewelrymodel.payments import rules
from jewelrymodel.payments.checkout_agreement import Buyer as Customer
from jewelrymodel.payments.models import Order
from jewelrymodel.policy import promise_document
from jewelrymodel.policy.decision import RemedyKind, canonical, from_json
from jewelrymodel.policy.decision_proof import prove
from jewelrymodel.policy.edition import Edition
from jewelrymodel.policy.hypotheses import Buyer, Offer, of_purchase
from jewelrymodel.policy.promise import promised_lines
from jewelrymodel.policy.promise_document import PromiseDocument, PromiseKind
from jewelrymodel.promises.models import OrderPromise
from jewelrymodel.remedies import operations
from jewelrymodel.remedies.assessments import Chosen
from tests.support.decisions import about
from tests.support.shipped_edition import edition
from tests.support.shop import ORIGIN, Sandbox, charge_again, now, publish, settle, start

pytestmark = pytest.mark.django_db
MACHINE = Actor.system("test")
USED_CREDITS_COUNT = (
    (
        '"charge.lost_minor"]',
        '"charge.lost_minor", "lot.granted_credits", "lot.remaining_credits"]',
    ),
    ('formula = "charge_remaining"', 'formula = "unused_share"'),
)
"""A worse policy: of a second charge only the share of unused credits comes back."""


def place_without(seller: Membership) -> payments.Checkout:
    """An order of the case without a promise."""
    version, at = catalog.product_on_sale("case", now()), now()
    terms_row = catalog.edition_in_force("refund", at)
    return payments.start_checkout(
        account_id=seller.account_id,
        version_id=version.id,
        buyer=Customer(
            seller.user_id, seller.user.email, "US", "business", "127.0.0.1", "T", "d", ORIGIN
        ),
        consents=(),
        offer=rules.offer_digest(version.id, terms_row.sha256, payments.disclosures(version)),
        idempotency_key="without a promise",
        now=at,
    )


def keep(order: Order, *, by: Edition) -> OrderPromise:
    """The promise of *order*, as the edition *by* would have made it."""
    version = order.product_version
    offer = Offer(
        "package", version.price_minor, "USD", version.credits, version.legal_class, "none"
    )
    lines = promised_lines(
        of_purchase(offer, Buyer("business", "US", 5_000, 20_000)), (by,), at=now()
    )
    said = PromiseDocument(PromiseKind.CHECKOUT, order.account_id, order.pk, now(), lines)
    signed = sign(promise_document.write(said), secret="of the tests")
    return OrderPromise.objects.create(
        order=order,
        account_id=order.account_id,
        sha256=signed.sha256,
        made_at=now(),
        **signed.to_json(),
    )


def half_used(order: Order) -> None:
    """Half of the order's 100 credits are spent."""
    told = {"idempotency_key": "half", "now": now()}
    hold = ledger.hold(account_id=order.account_id, quantity=50, subject="half", **told)
    ledger.capture(hold_id=hold.id, quantity=50, **told)


def charged_twice(sandbox: Sandbox, seller: Membership, *, by: Edition | None) -> Order:
    """Bought under the worse edition, half used, charged twice; promised *by* another."""
    checkout = place_without(seller)
    if by is not None:
        keep(checkout.order, by=by)
    sandbox.pay(checkout.url)
    order = settle(checkout.order)
    half_used(order)
    charge_again(sandbox, order)
    return order


@pytest.mark.clause("3.4")
def test_a_worse_edition_gives_what_a_better_one_promised(
    sandbox: Sandbox, seller: Membership
) -> None:
    worse = publish("2026-06-15", *USED_CREDITS_COUNT)
    order = charged_twice(sandbox, seller, by=edition())
    decision = operations.decide_by_machine(
        request=about(order, "duplicate"), actor=MACHINE, now=now()
    )
    (given,) = decision.remedies.all()
    assert (given.amount_minor, given.currency) == (3_900, "USD")
    made = from_json(decision.body)
    assert order.terms_sha256 == worse.sha256
    assert made.editions[0].sha256 == edition().sha256
    assert "3.4" in made.cites
    assert {one.sha256 for one in made.promised} == {OrderPromise.objects.get().sha256}
    assert prove(canonical(decision.body), terms.editions()).decision == made


def test_without_a_promise_the_worse_edition_decides(sandbox: Sandbox, seller: Membership) -> None:
    publish("2026-06-15", *USED_CREDITS_COUNT)
    order = charged_twice(sandbox, seller, by=None)
    found = operations.assess(request=about(order, "duplicate"), now=now())
    assert (found.decision.amount_minor, found.promised) == (1_950, ())


@pytest.mark.clause("3.4")
def test_no_person_gives_less_than_was_promised(sandbox: Sandbox, seller: Membership) -> None:
    order = bought(sandbox, seller)
    charge_again(sandbox, order)
    found = operations.assess(request=about(order, "duplicate"), now=now())
    assert [one.situation for one in found.promised] == ["charged_twice"]
    less = [Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=3_899, currency="USD")]
    for chosen in ([], less):
        with pytest.raises(operations.LessThanPromised) as refused:
            operations.decide_by_person(
                request=found.request,
                signature=found.signature,
                remedies=chosen,
                reason="they used it",
                user_id=7,
                now=now(),
            )
        assert refused.value.code == operations.Short.MONEY
    whole = [Chosen(RemedyKind.FULL_REFUND, amount_minor=3_900, currency="USD")]
    assert operations.decide_by_person(
        request=found.request,
        signature=found.signature,
        remedies=whole,
        reason="as promised",
        user_id=7,
        now=now(),
    )


def test_no_person_denies_what_was_paid_and_did_not_arrive(
    sandbox: Sandbox, seller: Membership
) -> None:
    checkout = start(seller)
    sandbox.pay(checkout.url)  # and nobody looks
    found = operations.assess(request=about(checkout.order, "undelivered"), now=now())
    assert [one.situation for one in found.promised] == ["undelivered"]
    with pytest.raises(operations.LessThanPromised) as refused:
        operations.decide_by_person(
            request=found.request,
            signature=found.signature,
            remedies=[],
            reason="no",
            user_id=7,
            now=now(),
        )
    assert refused.value.code == operations.Short.KIND


def test_what_was_not_promised_is_decided_as_before(sandbox: Sandbox, seller: Membership) -> None:
    order = bought(sandbox, seller)
    found = operations.assess(request=about(order, "changed_mind"), now=now())
    assert found.promised == ()
    denied = operations.decide_by_person(
        request=found.request,
        signature=found.signature,
        remedies=[],
        reason="final",
        user_id=7,
        now=now(),
    )
    assert denied.denied


def test_a_machine_gives_no_less_than_was_promised(
    sandbox: Sandbox, seller: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later version of ours computes less: it decides nothing, and a person does."""
    order = bought(sandbox, seller)
    charge_again(sandbox, order)
    less = (Chosen(RemedyKind.PARTIAL_REFUND, amount_minor=1, currency="USD"),)
    monkeypatch.setattr(
        "jewelrymodel.remedies.operations.decision_making.recommended", lambda _: less
    )
    with pytest.raises(operations.NotForAMachine):
        operations.decide_by_machine(request=about(order, "duplicate"), actor=MACHINE, now=now())


def bought(sandbox: Sandbox, seller: Membership) -> Order:
    checkout = start(seller)
    sandbox.pay(checkout.url)
    return settle(checkout.order)
