"""What the record of acts says in words: what was done, and of what kind of record."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_ACTS: dict[str, Promise] = {
    "account.changed": _("Account details changed"),
    "account.closed": _("Account closed"),
    "account.erased": _("Account data deleted"),
    "account.kept": _("Closing of the account undone"),
    "backup.made": _("Backup made"),
    "backup.restored": _("Backup restored"),
    "case.answered": _("Request answered"),
    "case.asked": _("Customer asked for more information"),
    "case.assigned": _("Request assigned"),
    "case.closed": _("Request closed"),
    "case.closed_together": _("Requests of unconfirmed senders closed"),
    "case.closing_reviewed": _("Silent closing of a request reviewed"),
    "case.closing_undone": _("Closing of requests undone"),
    "case.damage_reviewed": _("Image damage reviewed"),
    "case.decision_undone": _("Confirmed decision undone"),
    "case.example_consent_withdrawn": _("Consent to use an image as an example withdrawn"),
    "case.example_consented": _("Consent to use an image as an example given"),
    "case.extended": _("Deadline of a request extended"),
    "case.ground_added": _("Category added to a request"),
    "case.ground_removed": _("Category removed from a request"),
    "case.merged": _("Request merged into another one"),
    "case.message_split": _("Message split off into a request of its own"),
    "case.split": _("Merged request split off again"),
    "case.sorted": _("Subject of a request edited"),
    "catalog.credit_price_published": _("Price in credits published"),
    "catalog.price_published": _("Price published"),
    "catalog.welcome_published": _("Free images for new accounts published"),
    "credits.gift_asked": _("Free credits proposed"),
    "credits.gift_rejected": _("Free credits refused"),
    "credits.given": _("Free credits given"),
    "credits.taken_back": _("Free credits taken back"),
    "damage.examples_exported": _("Examples of damage exported"),
    "data.export_downloaded": _("Data export downloaded"),
    "data.export_requested": _("Data export requested"),
    "decision.approved": _("Second approval given"),
    "decision.denied": _("Request declined"),
    "decision.recorded": _("Decision recorded"),
    "decision.rejected": _("Second approval refused"),
    "dispute.lost": _("Dispute lost"),
    "dispute.reinstated": _("Credits reinstated after a dispute"),
    "dispute.suspended": _("Credits suspended for a dispute"),
    "image.damage_confirmed": _("Image damage confirmed"),
    "image.opened_after_agreement": _("Image opened after its model’s agreement ended"),
    "incident.closed": _("Incident closed"),
    "incident.corrected": _("Incident corrected"),
    "incident.opened": _("Incident opened"),
    "incident.payments_reviewed": _("Payments of a withdrawn incident reviewed"),
    "incident.withdrawn": _("Incident withdrawn"),
    "incident_proposal.dismissed": _("Proposed incident dismissed"),
    "incident_proposal.taken": _("Proposed incident opened"),
    "mail.dismissed": _("Email dismissed"),
    "mail.downloaded": _("Source of an email downloaded"),
    "mail.released": _("Email released from quarantine"),
    "member.biller": _("Role in the account changed to Billing"),
    "member.invitation_revoked": _("Invitation revoked"),
    "member.invited.biller": _("Invited to the account as Billing"),
    "member.invited.member": _("Invited to the account as Member"),
    "member.invited.owner": _("Invited to the account as Owner"),
    "member.joined.biller": _("Joined the account as Billing"),
    "member.joined.member": _("Joined the account as Member"),
    "member.joined.owner": _("Joined the account as Owner"),
    "member.member": _("Role in the account changed to Member"),
    "member.owner": _("Role in the account changed to Owner"),
    "member.removed": _("Removed from the account"),
    "message.dismissed": _("Processor message dismissed"),
    "message.retried": _("Processor message retried"),
    "order.canceled": _("Order canceled"),
    "order.charged_in_error": _("Order marked as charged in error"),
    "order.closed": _("Order closed after review"),
    "order.delivered": _("Order delivered after review"),
    "order.held": _("Order held for review"),
    "order.paid_elsewhere": _("Payment made to us directly recorded"),
    "order.payout_processor": _("Refunds of a charge go to the original payment method"),
    "order.payout_transfer": _("Refunds of a charge go by bank transfer"),
    "order.refund_unknown": _("Unknown word of the payment processor about a refund"),
    "order.refunded": _("Order refunded at the payment processor"),
    "order.transfer_canceled": _("Bank transfer of a refund canceled"),
    "order.transfer_failed": _("Bank transfer of a refund came back"),
    "order.transfer_succeeded": _("Refund sent by bank transfer"),
    "own_model.agreed": _("Model agreed"),
    "own_model.asked": _("Model asked for an agreement"),
    "own_model.asked_again": _("Model asked again for an agreement"),
    "own_model.declined": _("Model declined"),
    "own_model.expired": _("Model agreement expired"),
    "own_model.forgotten": _("Model agreement deleted after its retention"),
    "own_model.lapsed": _("Request to a model not answered in time"),
    "own_model.removed": _("Model removed"),
    "own_model.revoked": _("Model agreement revoked"),
    "own_model.set_up": _("Model set up"),
    "provider.changed": _("Limits of an image model changed"),
    "provider.switched_off": _("Image model switched off"),
    "provider.switched_on": _("Image model switched on"),
    "reply.added": _("Saved reply added"),
    "reply.changed": _("Saved reply changed; what it said before"),
    "reply.removed": _("Saved reply removed; what it said"),
    "second_factor.forgotten": _("Unreadable second factor removed"),
    "sessions.ended": _("Signed out everywhere by an operator"),
    "staff.agent": _("Given the role of agent at the desk"),
    "staff.ended": _("Right to the desk ended"),
    "staff.operator": _("Given the role of operator at the desk"),
    "subscription.canceled": _("Subscription canceled"),
    "subscription.change_failed": _("Change of plan not made"),
    "subscription.change_lapsed": _("Change of plan ended with the subscription"),
    "subscription.change_made": _("Change of plan made"),
    "subscription.change_payment_due": _("Change of plan to be paid"),
    "subscription.change_requested": _("Change of plan requested"),
    "subscription.change_scheduled": _("Change of plan set for the next renewal"),
    "subscription.change_undone": _("Change of plan undone"),
    "subscription.resumed": _("Subscription resumed"),
    "subscription.unknown": _("Subscription unknown to the payment processor"),
    "terms.published": _("Edition of the policy published"),
}
_SUBJECTS: dict[str, Promise] = {
    "account": _("Account"),
    "asset": _("Image"),
    "batch": _("Closed together"),
    "case": _("Request"),
    "credit_price": _("Price in credits"),
    "damage": _("Examples of damage"),
    "decision": _("Decision"),
    "dispute": _("Dispute"),
    "export": _("Data export"),
    "gift": _("Free credits"),
    "incident": _("Incident"),
    "incident_proposal": _("Proposed incident"),
    "invitation": _("Invitation"),
    "mail": _("Email"),
    "message": _("Processor message"),
    "order": _("Order"),
    "own_model": _("Model agreement"),
    "product": _("Product"),
    "provider": _("Image model"),
    "saved_reply": _("Saved reply"),
    "service": _("Service"),
    "subscription": _("Subscription"),
    "terms": _("Edition of the policy"),
    "user": _("Person"),
    "welcome_offer": _("Free images"),
}
_PAGES = {
    "account": "desk_customer",
    "case": "desk_case",
    "decision": "desk_decision",
    "dispute": "desk_dispute",
    "incident": "desk_incident",
    "mail": "desk_mail",
    "order": "desk_order",
}


@dataclass(frozen=True)
class Subject:
    """What an act was about: *kind* in words, the record's *id*, and its page or ``""``."""

    kind: Promise | str
    id: str
    page: str


def act_label(action: str) -> Promise | str:
    """Return an act in words; one of another version's by its code rather than not at all."""
    return _ACTS.get(action, action)


def subject_of(text: str) -> Subject:
    """Return what stands in the record as ``<kind>:<id>``; an unknown kind by its code."""
    kind, _colon, its_id = text.partition(":")
    page = reverse(_PAGES[kind], args=[its_id]) if kind in _PAGES and its_id else ""
    return Subject(_SUBJECTS.get(kind, kind), its_id, page)
