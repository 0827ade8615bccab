"""Cases of one customer are merged by pointing at one another, and a message by pointing away.

Nothing that was written moves or changes, so a split puts everything back. The database refuses
chains and cycles, and to show one customer's words in another one's case.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

GUARD = """
CREATE FUNCTION support_same_customer(a support_case, b support_case) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT a.identity_level >= 2 AND b.identity_level >= 2
     AND a.account_id IS NOT DISTINCT FROM b.account_id
     AND (a.account_id IS NOT NULL OR lower(a.email) = lower(b.email))
$$;

CREATE FUNCTION support_merge_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE target support_case;
BEGIN
  IF NEW.merged_into_id IS NOT NULL THEN
    SELECT * INTO target FROM support_case WHERE id = NEW.merged_into_id FOR UPDATE;
    IF target.id = NEW.id OR target.merged_into_id IS NOT NULL OR NEW.check_name <> ''
       OR EXISTS (SELECT 1 FROM support_case WHERE merged_into_id = NEW.id) THEN
      RAISE EXCEPTION 'a case is merged into one that stands by itself'
        USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT support_same_customer(NEW, target) THEN
      RAISE EXCEPTION 'only cases of one proven customer are merged'
        USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.account_id, lower(NEW.email)) IS DISTINCT FROM
     (OLD.account_id, lower(OLD.email)) AND EXISTS (
      SELECT 1 FROM support_case WHERE merged_into_id = NEW.id) THEN
    RAISE EXCEPTION 'a case into which others were merged keeps its customer'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER merge_is_sound BEFORE INSERT OR UPDATE OF merged_into_id, account_id, email,
  identity_level ON support_case FOR EACH ROW EXECUTE FUNCTION support_merge_is_sound();

CREATE FUNCTION support_move_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE target support_case; origin support_case;
BEGIN
  IF NEW.moved_to_id IS NOT NULL THEN
    SELECT * INTO target FROM support_case WHERE id = NEW.moved_to_id;
    SELECT * INTO origin FROM support_case WHERE id = NEW.case_id;
    IF target.id = origin.id OR target.account_id IS DISTINCT FROM origin.account_id
       OR lower(target.email) <> lower(origin.email) THEN
      RAISE EXCEPTION 'a message moves to another case of whoever wrote it'
        USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER move_is_sound BEFORE INSERT OR UPDATE OF moved_to_id ON support_case_entry
  FOR EACH ROW EXECUTE FUNCTION support_move_is_sound();
"""
UNGUARD = """
DROP TRIGGER move_is_sound ON support_case_entry;
DROP FUNCTION support_move_is_sound();
DROP TRIGGER merge_is_sound ON support_case;
DROP FUNCTION support_merge_is_sound();
DROP FUNCTION support_same_customer(support_case, support_case);
"""
_POINTER = {"db_index": False, "null": True, "to": "support.case"}


class Migration(migrations.Migration):
    dependencies = [("support", "0019_unproven_cases_wait")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "open"),
                    ("waiting_for_customer", "waiting for your reply"),
                    ("unproven", "waiting for the sender’s confirmation"),
                    ("decided", "decided"),
                    ("closed", "closed"),
                    ("merged", "merged into another request"),
                ],
                default="open",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="merged_into",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_cases",
                **_POINTER,
            ),
        ),
        migrations.AddField(
            model_name="caseentry",
            name="moved_to",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="moved_entries",
                **_POINTER,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False, decision_id="")
                | ~Q(state="merged") & Q(merged_into__isnull=True),
                name="support_case_merged_into_one",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=Q(merged_into__isnull=False),
                fields=["merged_into"],
                name="support_case_merged",
            ),
        ),
        migrations.AddConstraint(
            model_name="caseentry",
            constraint=models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | Q(kind="message_in", internal=False),
                name="support_entry_messages_are_moved",
            ),
        ),
        migrations.AddIndex(
            model_name="caseentry",
            index=models.Index(
                condition=Q(moved_to__isnull=False),
                fields=["moved_to"],
                name="support_entry_moved",
            ),
        ),
        migrations.CreateModel(
            name="CaseMerge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("merged_by", models.CharField(max_length=80)),
                ("merged_at", models.DateTimeField()),
                ("before", models.JSONField()),
                ("split_by", models.CharField(blank=True, max_length=80)),
                ("split_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.case",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="support.case",
                    ),
                ),
            ],
            options={
                "db_table": "support_case_merge",
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(split_at__isnull=True),
                        fields=("case",),
                        name="support_merge_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(merged_by__startswith="user:")
                        & (
                            Q(split_at__isnull=True, split_by="")
                            | Q(split_by__startswith="user:")
                        ),
                        name="support_merge_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=~Q(case=F("into")), name="support_merge_of_two_cases"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
