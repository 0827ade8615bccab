"""The documents that the remedies of a decision brought."""

from jewelrymodel.payments import queries as payments
from jewelrymodel.payments.credit_note_text import credit_note_words
from jewelrymodel.remedies.models import DecisionRecord


def remedy_documents(decision: DecisionRecord) -> list[str]:
    """Return a sentence for the newest credit note of each of its refunds, with where it is."""
    made = (
        decision.remedies.exclude(refund_id="").order_by("id").values_list("refund_id", flat=True)
    )
    notes = (payments.credit_note_of_refund(refund_id=one) for one in made if one)
    return [credit_note_words(one) for one in notes if one is not None]
