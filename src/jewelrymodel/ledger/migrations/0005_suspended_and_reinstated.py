"""What was frozen and thawed is suspended and reinstated; movements are converted.

Movements never change, for every role; for a word alone the trigger is set aside here, and back.
"""

from django.db import migrations, models
from django.db.models import Q

OPERATIONS = ("grant", "hold", "capture", "release", "expire", "revoke", "debt", "grant_period")
FORMER, NEW = ("freeze", "thaw"), ("suspend", "reinstate")

_CONVERT = """
ALTER TABLE ledger_movement DISABLE TRIGGER ledger_movement_stays;
UPDATE ledger_movement SET operation = '{1}' WHERE operation = '{0}';
UPDATE ledger_movement SET operation = '{3}' WHERE operation = '{2}';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE ledger_movement ENABLE TRIGGER ledger_movement_stays;
"""
_FORWARD = _CONVERT.format("freeze", "suspend", "thaw", "reinstate")
_BACKWARD = _CONVERT.format("suspend", "freeze", "reinstate", "thaw")

_NAMES = """
ALTER TABLE {table} RENAME CONSTRAINT ledger_lot_{0}_of_lot TO ledger_lot_{1}_of_lot;
ALTER TRIGGER ledger_lot_{0}_stays ON {table} RENAME TO ledger_lot_{1}_stays;
ALTER TRIGGER ledger_lot_{0}_is_not_emptied ON {table} RENAME TO ledger_lot_{1}_is_not_emptied;
ALTER TRIGGER ledger_lot_{0}_{2}_once ON {table} RENAME TO ledger_lot_{1}_{3}_once;
DROP TRIGGER ledger_lot_{0}_moves_only ON {table};
CREATE TRIGGER ledger_lot_{1}_moves_only BEFORE UPDATE ON {table}
  FOR EACH ROW EXECUTE FUNCTION ledger_moves_only('{{{3}_at}}');
"""
_TABLE = "ledger_lot_suspension"
_RENAME = _NAMES.format("freeze", "suspension", "lifted", "reinstated", table=_TABLE)
_RENAME_BACK = _NAMES.format("suspension", "freeze", "reinstated", "lifted", table=_TABLE)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_continuation_days")]

    operations = [
        migrations.RemoveConstraint("lotfreeze", "ledger_lot_freeze_once_per_cause"),
        migrations.RemoveConstraint("lotfreeze", "ledger_lot_freeze_cause"),
        migrations.RemoveConstraint("movement", "ledger_movement_operation"),
        migrations.RemoveConstraint("movement", "ledger_movement_not_negative"),
        migrations.RenameModel("LotFreeze", "LotSuspension"),
        migrations.AlterModelTable("lotsuspension", _TABLE),
        migrations.RenameField("lotsuspension", "lifted_at", "reinstated_at"),
        migrations.AlterField(
            "lotsuspension",
            "lot",
            models.ForeignKey(
                "ledger.lot", models.PROTECT, related_name="suspensions", db_constraint=False
            ),
        ),
        migrations.RenameField("movement", "frozen_after", "suspended_after"),
        migrations.RunSQL(_RENAME, _RENAME_BACK),
        migrations.AddConstraint(
            "lotsuspension",
            models.UniqueConstraint(
                condition=Q(reinstated_at__isnull=True),
                fields=["lot", "cause_kind", "cause_id"],
                name="ledger_lot_suspension_once_per_cause",
            ),
        ),
        migrations.AddConstraint(
            "lotsuspension",
            models.CheckConstraint(
                condition=Q(cause_kind__in=["refund", "dispute"]),
                name="ledger_lot_suspension_cause",
            ),
        ),
        migrations.AddConstraint(
            "movement",
            models.CheckConstraint(
                condition=Q(available_after__gte=0, held_after__gte=0, suspended_after__gte=0),
                name="ledger_movement_not_negative",
            ),
        ),
        migrations.AddConstraint(
            "movement",
            models.CheckConstraint(
                condition=Q(operation__in=[*OPERATIONS, *FORMER, *NEW]),
                name="ledger_movement_operation",
            ),
        ),
        migrations.RunSQL(_FORWARD, _BACKWARD),
    ]
