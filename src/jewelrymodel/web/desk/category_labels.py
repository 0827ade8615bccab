"""What a request is about, in the words of the desk; customers pick it in words of their own."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.support.categories import Ground

CATEGORY_LABELS = {
    Ground.DUPLICATE: _("Duplicate charge"),
    Ground.UNDELIVERED: _("Paid, not delivered"),
    Ground.CHARGED_AFTER_CANCEL: _("Charged after cancellation"),
    Ground.ACCOUNT_ERROR: _("Billing or account error"),
    Ground.FAILED_TASK: _("Failed generation"),
    Ground.STYLE: _("Style preference"),
    Ground.POSE: _("Pose preference"),
    Ground.INTERPRETATION: _("Piece shown differently than expected"),
    Ground.CAMPAIGN: _("Doesn't fit the campaign"),
    Ground.OUTAGE: _("Outage"),
    Ground.UNUSED: _("Unused credits or time"),
    Ground.EXPIRED: _("Expired credits"),
    Ground.STOPPED_USING: _("No longer uses the service"),
    Ground.CHANGED_MIND: _("Changed their mind"),
    Ground.OTHER_PACKAGE: _("Wants another credit pack"),
    Ground.OTHER: _("Other"),
}


def category_label(category: str) -> str:
    """Return a category's label at the desk; one that is unknown is shown as it is stored."""
    return str(CATEGORY_LABELS[Ground(category)]) if category in Ground else category
