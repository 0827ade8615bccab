"""Replies that our team wrote in advance, to be inserted into a message and changed there."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from jewelrymodel.kernel.actors import USER_PREFIX

LONGEST_TITLE, LONGEST_REPLY = 80, 4000


class SavedReply(models.Model):
    """One text in one language, under a title; ``support.rules.reply_placeholders`` are filled in.

    ``changed_by`` is who wrote it last; what it said before is in the audit record.
    """

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=LONGEST_TITLE)
    language = models.CharField(max_length=5)
    text = models.TextField()
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "support_saved_reply"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["title", "language"], name="support_reply_one_per_language"
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(text="") & ~Q(language=""),
                name="support_reply_says_something",
            ),
            models.CheckConstraint(
                condition=Q(changed_by__startswith=USER_PREFIX),
                name="support_reply_by_a_person",
            ),
        ]
