"""Another plan for a subscription: agreed to, paid, and in force once that is made.

The database refuses to rewrite what was agreed to, and another plan that no such change leads to.
"""

import django.db.models.deletion
from django.db import migrations, models


_OF_SUBSCRIPTION = ("id", "account_id", "processor_subscription_id", "started_at")
_AGREED = (
    *("id", "subscription_id", "from_version_id", "to_version_id", "timing", "requested_by"),
    *("requested_at", "prorated_at", "amount_minor", "tax_minor", "credits", "terms_edition_id"),
    *("disclosures", "consents"),
)


def _row(name, columns):
    return ", ".join(f"{name}.{one}" for one in columns)


_FORMER = f"""
CREATE OR REPLACE FUNCTION payments_keep_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({_row("NEW", (*_OF_SUBSCRIPTION, "product_version_id"))}) IS DISTINCT FROM
     ({_row("OLD", (*_OF_SUBSCRIPTION, "product_version_id"))}) THEN
    RAISE EXCEPTION 'what subscription % is about never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
"""
FORWARD = f"""
CREATE OR REPLACE FUNCTION payments_keep_subscription() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({_row("NEW", _OF_SUBSCRIPTION)}) IS DISTINCT FROM ({_row("OLD", _OF_SUBSCRIPTION)}) THEN
    RAISE EXCEPTION 'what subscription % is about never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.product_version_id <> OLD.product_version_id AND NOT EXISTS (
    SELECT 1 FROM payments_plan_change c WHERE c.subscription_id = NEW.id AND c.state = 'made'
      AND c.to_version_id = NEW.product_version_id
  ) THEN
    RAISE EXCEPTION 'no change of plan leads subscription % there', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION payments_keep_plan_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF ({_row("NEW", _AGREED)}) IS DISTINCT FROM ({_row("OLD", _AGREED)}) THEN
    RAISE EXCEPTION 'what change of plan % agreed to never changes', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'made' AND (NEW.state, NEW.order_id) IS DISTINCT FROM (OLD.state, OLD.order_id)
  THEN
    RAISE EXCEPTION 'change of plan % is made and stays so', OLD.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE ON payments_plan_change
  FOR EACH ROW EXECUTE FUNCTION payments_keep_plan_change();
CREATE TRIGGER never_delete BEFORE DELETE ON payments_plan_change
  FOR EACH ROW EXECUTE FUNCTION payments_refuse_change();
"""  # noqa: S608 - columns from the tuples above
BACKWARD = (
    """
DROP TRIGGER never_delete ON payments_plan_change;
DROP TRIGGER keep ON payments_plan_change;
DROP FUNCTION payments_keep_plan_change();
"""
    + _FORMER
)


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0010_acceptance_of_terms"),
        ("payments", "0034_credit_notes"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanChange",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                (
                    "timing",
                    models.CharField(
                        choices=[("now", "Now"), ("renewal", "Renewal")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("requested", "Requested"),
                            ("payment_due", "Payment Due"),
                            ("scheduled", "Scheduled"),
                            ("made", "Made"),
                            ("failed", "Failed"),
                            ("undone", "Undone"),
                            ("lapsed", "Lapsed"),
                        ],
                        max_length=12,
                    ),
                ),
                ("requested_by", models.CharField(max_length=80)),
                ("requested_at", models.DateTimeField()),
                ("prorated_at", models.DateTimeField(null=True)),
                ("amount_minor", models.PositiveIntegerField(null=True)),
                ("tax_minor", models.PositiveIntegerField(null=True)),
                ("credits", models.PositiveIntegerField(null=True)),
                ("disclosures", models.JSONField(default=list)),
                ("consents", models.JSONField(default=list)),
                ("invoice_id", models.CharField(blank=True, max_length=255)),
                ("closed_at", models.DateTimeField(null=True)),
                ("told_state", models.CharField(blank=True, max_length=12)),
            ],
            options={
                "db_table": "payments_plan_change",
            },
        ),
        migrations.AddField(
            model_name="order",
            name="change_credits",
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="changed_from",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.productversion",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="next_version",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.productversion",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="processor_version",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.productversion",
            ),
        ),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("change_credits__isnull", True), ("changed_from__isnull", True)),
                    models.Q(
                        ("change_credits__gt", 0),
                        ("changed_from__isnull", False),
                        ("subscription__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="payments_order_change_is_whole",
            ),
        ),
        migrations.AddField(
            model_name="planchange",
            name="from_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.productversion",
            ),
        ),
        migrations.AddField(
            model_name="planchange",
            name="order",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="plan_change",
                to="payments.order",
            ),
        ),
        migrations.AddField(
            model_name="planchange",
            name="subscription",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="changes",
                to="payments.subscription",
            ),
        ),
        migrations.AddField(
            model_name="planchange",
            name="terms_edition",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="catalog.termsedition"
            ),
        ),
        migrations.AddField(
            model_name="planchange",
            name="to_version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.productversion",
            ),
        ),
        migrations.AddIndex(
            model_name="planchange",
            index=models.Index(
                fields=["subscription", "requested_at"], name="payments_plan_change_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="planchange",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("requested", "payment_due", "scheduled"))),
                fields=("subscription",),
                name="payments_plan_change_one_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="planchange",
            constraint=models.UniqueConstraint(
                fields=("subscription", "prorated_at"), name="payments_plan_change_prorated_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="planchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("from_version", models.F("to_version")), _negated=True),
                name="payments_plan_change_differs",
            ),
        ),
        migrations.AddConstraint(
            model_name="planchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount_minor__gt", 0),
                        ("amount_minor__gte", models.F("tax_minor")),
                        ("amount_minor__isnull", False),
                        ("credits__gt", 0),
                        ("credits__isnull", False),
                        ("prorated_at__isnull", False),
                        ("tax_minor__isnull", False),
                        ("terms_edition__isnull", False),
                        ("timing", "now"),
                    ),
                    models.Q(
                        ("amount_minor__isnull", True),
                        ("credits__isnull", True),
                        ("prorated_at__isnull", True),
                        ("tax_minor__isnull", True),
                        ("terms_edition__isnull", True),
                        ("timing", "renewal"),
                    ),
                    _connector="OR",
                ),
                name="payments_plan_change_agreed",
            ),
        ),
        migrations.AddConstraint(
            model_name="planchange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "requested",
                            "payment_due",
                            "scheduled",
                            "made",
                            "failed",
                            "undone",
                            "lapsed",
                        ],
                    ),
                    models.Q(
                        models.Q(("state", "made"), _negated=True),
                        ("order__isnull", False),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(
                            ("closed_at__isnull", True),
                            ("state__in", ("requested", "payment_due", "scheduled")),
                        ),
                        models.Q(
                            models.Q(
                                ("state__in", ("requested", "payment_due", "scheduled")),
                                _negated=True,
                            ),
                            ("closed_at__isnull", False),
                        ),
                        _connector="OR",
                    ),
                ),
                name="payments_plan_change_state",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
