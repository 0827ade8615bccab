"""What an agent confirmed and may undo: one at a time, with one outcome, and never rewritten."""

import datetime

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

KEEP = """
CREATE FUNCTION support_keep_confirmed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'pending' OR
     (NEW.case_id, NEW.act, NEW.details, NEW.reason, NEW.confirmed_by, NEW.confirmed_at, NEW.due_at)
     IS DISTINCT FROM
     (OLD.case_id, OLD.act, OLD.details, OLD.reason, OLD.confirmed_by, OLD.confirmed_at, OLD.due_at)
  THEN
    RAISE EXCEPTION 'what an agent confirmed stays, and ends once'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep_confirmed BEFORE UPDATE OR DELETE ON support_confirmed_decision
  FOR EACH ROW EXECUTE FUNCTION support_keep_confirmed();
"""
UNKEEP = """
DROP TRIGGER keep_confirmed ON support_confirmed_decision;
DROP FUNCTION support_keep_confirmed();
"""
ACTS = [("decide", "decision"), ("review_damage", "review of damage")]
STATES = [
    ("pending", "can be undone"),
    ("undone", "undone"),
    ("carried_out", "carried out"),
    ("refused", "refused"),
]
ONE_OUTCOME = (
    Q(state="pending", ended_at__isnull=True, decision_id="", failure="")
    | Q(
        state="undone",
        ended_at__isnull=False,
        ended_by__startswith="user:",
        decision_id="",
        failure="",
    )
    | Q(
        Q(act="review_damage") | ~Q(decision_id=""),
        state="carried_out",
        ended_at__gte=F("due_at"),
        failure="",
    )
    | Q(state="refused", ended_at__isnull=False, decision_id="") & ~Q(failure="")
)


class Migration(migrations.Migration):
    dependencies = [("support", "0015_unproven_requests")]

    operations = [
        migrations.CreateModel(
            name="ConfirmedDecision",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("act", models.CharField(choices=ACTS, max_length=16)),
                ("details", models.JSONField()),
                ("reason", models.TextField(blank=True)),
                ("confirmed_by", models.CharField(max_length=80)),
                ("confirmed_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(choices=STATES, default="pending", max_length=12),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=80)),
                ("decision_id", models.CharField(blank=True, max_length=32)),
                ("failure", models.CharField(blank=True, max_length=60)),
                ("failure_params", models.JSONField(default=dict)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmed_decisions",
                        to="support.case",
                    ),
                ),
            ],
            options={
                "db_table": "support_confirmed_decision",
                "indexes": [
                    models.Index(fields=["case", "-id"], name="support_confirmed_of_case"),
                    models.Index(
                        condition=Q(state="pending"),
                        fields=["due_at"],
                        name="support_confirmed_pending",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(state="pending"),
                        fields=("case",),
                        name="support_confirmed_one_pending",
                    ),
                    models.UniqueConstraint(
                        condition=~Q(decision_id=""),
                        fields=("decision_id",),
                        name="support_confirmed_once_per_decision",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            due_at__gte=F("confirmed_at") + datetime.timedelta(seconds=10)
                        ),
                        name="support_confirmed_can_be_undone",
                    ),
                    models.CheckConstraint(
                        condition=Q(
                            confirmed_by__startswith="user:",
                            act__in=["decide", "review_damage"],
                        ),
                        name="support_confirmed_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=ONE_OUTCOME, name="support_confirmed_one_outcome"
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEEP, UNKEEP),
    ]
