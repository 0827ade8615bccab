"""What a request is about, in the words of the desk; customers pick it in words of their own."""

from django.utils.translation import gettext_lazy as _

from jewelrymodel.support.categories import Category

CATEGORY_LABELS = {
    Category.DUPLICATE: _("Duplicate charge"),
    Category.UNDELIVERED: _("Paid, not delivered"),
    Category.CHARGED_AFTER_CANCEL: _("Charged after cancellation"),
    Category.ACCOUNT_ERROR: _("Billing or account error"),
    Category.FAILED_TASK: _("Failed generation"),
    Category.VISIBLY_BROKEN: _("Visibly damaged image"),
    Category.STYLE: _("Style preference"),
    Category.POSE: _("Pose preference"),
    Category.INTERPRETATION: _("Piece shown differently than expected"),
    Category.CAMPAIGN: _("Doesn’t fit the campaign"),
    Category.OUTAGE: _("Outage"),
    Category.UNUSED: _("Unused credits or time"),
    Category.EXPIRED: _("Expired credits"),
    Category.STOPPED_USING: _("No longer uses the service"),
    Category.CHANGED_MIND: _("Changed their mind"),
    Category.OTHER_PACKAGE: _("Wants another credit pack"),
    Category.WITHDRAWAL: _("Withdrawal from contract"),
    Category.OTHER: _("Other"),
}


def category_label(category: str) -> str:
    """Return a category's label at the desk; one that is unknown is shown as it is stored."""
    return str(CATEGORY_LABELS[Category(category)]) if category in Category else category
