"""What a buyer is told and has to agree to at checkout."""

import hashlib
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from jewelrymodel.accounts.jurisdictions import has_withdrawal
from jewelrymodel.accounts.roles import BuyerCapacity
from jewelrymodel.catalog.products import CheckoutTerms, ProductKind
from jewelrymodel.payments.checkout_agreement import ConsentKind, Statement


def disclosures(
    kind: ProductKind = ProductKind.PACKAGE,
    terms: CheckoutTerms = CheckoutTerms.NONE,
    terms_text: str = "",
) -> tuple[Statement, ...]:
    """Return what a buyer reads before paying, each statement under its clause id.

    *terms* is what this product's page adds to the refund policy, and *terms_text* says it.
    """
    policy = _(
        "The refund policy linked here applies to this purchase, together with the law of the "
        "place where you live."
    )
    added = terms_text or _("No other refund terms apply.")
    governs = Statement("3.4", f"{policy} {added}", terms=terms.value)
    varies = Statement(
        "5.1",
        _(
            "Generated images vary: style, pose, and interpretation can differ from one image to "
            "the next. A generation that fails before completion costs no credits."
        ),
    )
    finality = _of_a_plan() if kind is ProductKind.SUBSCRIPTION else _of_a_package()
    return (governs, *finality, varies)


def checkout_terms(accepted: Iterable[Mapping[str, str]]) -> str:
    """Return what the statements that a buyer accepted add to the refund policy (3.4).

    ``unknown`` where none of them says it, or not in one voice: an order knows what it recorded.
    """
    terms = {one["terms"] for one in accepted if "terms" in one}
    return terms.pop() if len(terms) == 1 and terms <= {*CheckoutTerms.values} else "unknown"


def _of_a_package() -> tuple[Statement, ...]:
    return (
        Statement(
            "4.1",
            _(
                "A credit pack purchase is generally final once its credits are in your account. "
                "If they don’t arrive, or a charge is wrong, we’ll fix it."
            ),
        ),
    )


def _of_a_plan() -> tuple[Statement, ...]:
    return (
        Statement("3.1", _("This subscription renews every month at this price until you cancel.")),
        Statement(
            "3.2",
            _("You can cancel at any time under Billing; after that, you won’t be charged again."),
        ),
        Statement("3.3", _("Canceling does not refund the current month.")),
        Statement(
            "3.5",
            _(
                "You keep access and credits for the billing period you’ve paid for; unused "
                "credits expire at its end."
            ),
        ),
    )


def may_withdraw(country: str, capacity: str) -> bool:
    """Return whether the law lets this buyer withdraw: who isn't known as a business may."""
    return capacity != BuyerCapacity.BUSINESS and has_withdrawal(country)


def consents_needed(country: str, capacity: str) -> tuple[ConsentKind, ...]:
    """Return which consents have to be given before credits are delivered at once.

    Unknown capacity counts as consumer (policy: law comes first to the buyer's side).
    """
    if not may_withdraw(country, capacity):
        return ()
    return (ConsentKind.EXPRESS_CONSENT_TO_START, ConsentKind.ACKNOWLEDGEMENT_OF_LOSS)


def consent_text(kind: ConsentKind, *, withdrawal_days: int) -> str:
    """Return the words that the buyer agrees to; the days are those of the edition shown."""
    if kind is ConsentKind.EXPRESS_CONSENT_TO_START:
        words = _("Please add my credits now, before my %(n)s-day right to withdraw ends.")
        return words % {"n": withdrawal_days}
    return _(
        "I understand that I lose my right to withdraw once the service has been fully "
        "performed, and that I pay for the credits I’ve used if I withdraw before then."
    )


def digest(text: str) -> str:
    """Return the SHA-256 of *text* as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def offer_digest(
    version_id: str, terms_sha256: str, shown: Iterable[Statement], tax_behavior: str = ""
) -> str:
    """Return one hash over everything the buyer was shown: product version, terms, disclosures, and
    how the price is taxed where it is.
    """
    parts = [version_id, terms_sha256, *(f"{s.id}:{digest(s.text)}:{s.terms}" for s in shown)]
    parts += [tax_behavior] if tax_behavior else []
    return digest("\n".join(parts))
