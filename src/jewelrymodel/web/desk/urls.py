"""Addresses of the desk."""

from django.urls import path

from jewelrymodel.web.desk import (
    case_decision,
    case_messages,
    cases,
    customers,
    damage_review,
    decisions,
    disputes,
    generations,
    inbound_email,
    incidents,
    margins,
    order_review,
    orders,
    policy,
    processor_messages,
    queue,
    reconciliation,
    record_links,
    search,
)

CASE = "desk/cases/<str:case_id>"
ORDER = "desk/orders/<str:order_id>"
DECISION = "desk/decisions/<str:decision_id>"
EMAIL = "desk/mail/<str:mail_id>"
INCIDENT = "desk/incidents/<str:incident_id>"
PROCESSOR_MESSAGE = "desk/messages/<str:message_id>"

urlpatterns = [
    path("desk", queue.index, name="desk"),
    path("desk/search", search.index, name="desk_search"),
    path(CASE, cases.case, name="desk_case"),
    path(f"{CASE}/pictures/<str:picture_id>", cases.picture, name="desk_picture"),
    path(f"{CASE}/messages/<int:entry_id>", cases.message, name="desk_message"),
    path(
        f"{CASE}/approve-recommendation",
        case_decision.approve_recommendation,
        name="desk_approve_recommendation",
    ),
    path(f"{CASE}/approve-remedy", case_decision.approve_remedy, name="desk_approve_remedy"),
    path(f"{CASE}/decline", case_decision.decline, name="desk_decline"),
    path(f"{CASE}/review-damage", damage_review.review, name="desk_review_damage"),
    path(f"{CASE}/open-image", damage_review.open_image, name="desk_open_image"),
    path(
        f"{CASE}/images/<str:image_id>/<str:which>",
        damage_review.picture,
        name="desk_damage_picture",
    ),
    path(f"{CASE}/reply", case_messages.reply, name="desk_reply"),
    path(f"{CASE}/ask", case_messages.ask, name="desk_ask"),
    path(f"{CASE}/note", case_messages.add_note, name="desk_add_note"),
    path(f"{CASE}/extend", case_messages.extend, name="desk_extend"),
    path(f"{CASE}/close", case_messages.close, name="desk_close"),
    path(f"{CASE}/close-silently", case_messages.close_silently, name="desk_close_silently"),
    path(f"{CASE}/assign", case_messages.assign, name="desk_assign"),
    path(f"{CASE}/unassign", case_messages.unassign, name="desk_unassign"),
    path(f"{CASE}/subject", case_messages.edit_subject, name="desk_edit_subject"),
    path("desk/customers/<str:account_id>", customers.customer, name="desk_customer"),
    path(ORDER, orders.order, name="desk_order"),
    path(f"{ORDER}/deliver", order_review.deliver, name="desk_deliver_order"),
    path(f"{ORDER}/refund", order_review.refund, name="desk_refund_order"),
    path(f"{ORDER}/close", order_review.close, name="desk_close_order"),
    path("desk/messages", processor_messages.index, name="desk_messages"),
    path(f"{PROCESSOR_MESSAGE}/retry", processor_messages.retry, name="desk_retry_message"),
    path(f"{PROCESSOR_MESSAGE}/dismiss", processor_messages.dismiss, name="desk_dismiss_message"),
    path("desk/records/<str:kind>/<str:record_id>", record_links.record, name="desk_record"),
    path("desk/tasks/<str:task_id>", generations.task, name="desk_generation"),
    path(DECISION, decisions.decision, name="desk_decision"),
    path(f"{DECISION}/approve", decisions.approve, name="desk_approve_decision"),
    path(f"{DECISION}/reject", decisions.reject, name="desk_reject_decision"),
    path("desk/mail", inbound_email.index, name="desk_mails"),
    path(EMAIL, inbound_email.email, name="desk_mail"),
    path(f"{EMAIL}/release", inbound_email.release, name="desk_release_mail"),
    path(f"{EMAIL}/dismiss", inbound_email.dismiss, name="desk_dismiss_mail"),
    path(f"{EMAIL}/original", inbound_email.original, name="desk_mail_original"),
    path(f"{EMAIL}/source", inbound_email.source, name="desk_mail_source"),
    path("desk/disputes", disputes.index, name="desk_disputes"),
    path("desk/disputes/<str:dispute_id>", disputes.dispute, name="desk_dispute"),
    path("desk/incidents", incidents.index, name="desk_incidents"),
    path("desk/incidents/open", incidents.open_incident, name="desk_open_incident"),
    path(INCIDENT, incidents.incident, name="desk_incident"),
    path(f"{INCIDENT}/close", incidents.close, name="desk_close_incident"),
    path(f"{INCIDENT}/correct", incidents.correct, name="desk_correct_incident"),
    path(f"{INCIDENT}/withdraw", incidents.withdraw, name="desk_withdraw_incident"),
    path(f"{INCIDENT}/requests", incidents.open_requests, name="desk_open_requests"),
    path("desk/reconciliation", reconciliation.index, name="desk_reconciliation"),
    path("desk/policy", policy.index, name="desk_policy"),
    path("desk/margins", margins.index, name="desk_margins"),
]
