"""Why a refund or another remedy failed, as staff read it: ``{% load failures %}``."""

from django import template

from jewelrymodel.web.desk.failure_messages import failure_message

register = template.Library()
register.filter("failure", failure_message)
