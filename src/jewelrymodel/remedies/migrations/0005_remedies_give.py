"""A remedy gives what its kind does: money in a currency, credits, or neither of both.

Rows never change and are never deleted, so what was approved before this stays as it is: an old
remedy of nothing that waits still is ended first, and the constraint is valid for all rows only
where there is none.
"""

from django.db import migrations, models

NAME = "remedies_remedy_gives"
MONEY = ("partial_refund", "full_refund")
CREDITS = ("restored_credits", "replacement_credits")
CONDITION = (
    models.Q(kind__in=MONEY, amount_minor__gt=0, credits=0) & ~models.Q(currency="")
    | models.Q(kind__in=CREDITS, credits__gt=0, amount_minor=0)
    | ~models.Q(kind__in=(*MONEY, *CREDITS)) & models.Q(credits=0, amount_minor=0)
)
CHECK = """
  kind IN ('partial_refund', 'full_refund')
    AND amount_minor > 0 AND credits = 0 AND currency <> ''
  OR kind IN ('restored_credits', 'replacement_credits') AND credits > 0 AND amount_minor = 0
  OR kind NOT IN ('partial_refund', 'full_refund', 'restored_credits', 'replacement_credits')
    AND credits = 0 AND amount_minor = 0
"""
FORWARD = f"""
UPDATE remedies_remedy SET state = 'failed', failure = 'it gave nothing'
 WHERE state NOT IN ('done', 'failed') AND NOT ({CHECK});
ALTER TABLE remedies_remedy ADD CONSTRAINT {NAME} CHECK ({CHECK}) NOT VALID;
DO $$ BEGIN
  ALTER TABLE remedies_remedy VALIDATE CONSTRAINT {NAME};
EXCEPTION WHEN check_violation THEN
  RAISE NOTICE 'old remedies of nothing are kept as they are';
END $$;
"""
BACKWARD = f"ALTER TABLE remedies_remedy DROP CONSTRAINT {NAME};"


class Migration(migrations.Migration):
    dependencies = [("remedies", "0004_keys_name_the_loss")]
    operations = [
        migrations.AlterField("remedyrow", "failure", models.TextField(blank=True)),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARD, BACKWARD)],
            state_operations=[
                migrations.AddConstraint(
                    "remedyrow", models.CheckConstraint(condition=CONDITION, name=NAME)
                )
            ],
        ),
    ]
