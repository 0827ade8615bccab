"""Addresses of the desk."""

from django.urls import path

from jewelrymodel.web.desk import (
    case_actions,
    cases,
    customers,
    decisions,
    disputes,
    inbound_email,
    incidents,
    order_review,
    policy,
    processor_messages,
    queue,
    reconciliation,
    records,
    search,
)

urlpatterns = [
    path("desk", queue.index, name="desk"),
    path("desk/search", search.index, name="desk_search"),
    path("desk/cases/<str:case_id>", cases.case, name="desk_case"),
    path("desk/cases/<str:case_id>/pictures/<str:picture_id>", cases.picture, name="desk_picture"),
    path("desk/cases/<str:case_id>/messages/<int:entry_id>", cases.message, name="desk_message"),
    path("desk/cases/<str:case_id>/decide", case_actions.decide, name="desk_decide"),
    path("desk/cases/<str:case_id>/say", case_actions.say, name="desk_say"),
    path("desk/cases/<str:case_id>/sort", case_actions.sort, name="desk_sort"),
    path("desk/customers/<str:account_id>", customers.customer, name="desk_customer"),
    path("desk/orders/<str:order_id>", records.order, name="desk_order"),
    path("desk/orders/<str:order_id>/review", order_review.review, name="desk_review"),
    path("desk/messages", processor_messages.index, name="desk_messages"),
    path(
        "desk/messages/<str:message_id>", processor_messages.message, name="desk_processor_message"
    ),
    path("desk/records/<str:kind>/<str:record_id>", records.record, name="desk_record"),
    path("desk/tasks/<str:task_id>", records.task, name="desk_task"),
    path("desk/decisions/<str:decision_id>", decisions.decision, name="desk_decision"),
    path("desk/decisions/<str:decision_id>/second", decisions.second, name="desk_second"),
    path("desk/mail", inbound_email.index, name="desk_mails"),
    path("desk/mail/<str:mail_id>", inbound_email.kept, name="desk_mail"),
    path("desk/mail/<str:mail_id>/original", inbound_email.original, name="desk_mail_original"),
    path("desk/mail/<str:mail_id>/source", inbound_email.source, name="desk_mail_source"),
    path("desk/disputes", disputes.index, name="desk_disputes"),
    path("desk/disputes/<str:dispute_id>", disputes.dispute, name="desk_dispute"),
    path("desk/incidents", incidents.index, name="desk_incidents"),
    path("desk/incidents/<str:incident_id>", incidents.incident, name="desk_incident"),
    path("desk/reconciliation", reconciliation.index, name="desk_reconciliation"),
    path("desk/policy", policy.index, name="desk_policy"),
]
