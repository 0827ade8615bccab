"""Why an order is held, and why a remedy failed, as staff read it: ``{% load failures %}``."""

from django import template

from jewelrymodel.web.desk.failure_messages import failure_message
from jewelrymodel.web.desk.hold_messages import hold_message

register = template.Library()
register.filter("failure", failure_message)
register.filter("hold", hold_message)
