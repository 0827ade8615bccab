"""What is reserved or used changes no index of its lot.

Two partial indexes asked for the amounts themselves, so that each credit wrote all five indexes of
its lot anew and left as many dead entries behind; they ask for what rarely changes now.
"""

from django.db import migrations, models
from django.db.models import Q

_MOVES_ONLY = """
DROP TRIGGER ledger_lot_moves_only ON ledger_lot;
CREATE TRIGGER ledger_lot_moves_only BEFORE UPDATE ON ledger_lot
  FOR EACH ROW EXECUTE FUNCTION ledger_moves_only('{columns}');
"""
# The database computes it after this trigger, and lets nobody set it.
_NOW = _MOVES_ONLY.format(columns="{available,held,is_live}")
_BEFORE = _MOVES_ONLY.format(columns="{available,held}")
# Room on each page for the next state of a lot that is used a credit at a time.
_ROOM = "ALTER TABLE ledger_lot SET (fillfactor = 80)"
_NO_ROOM = "ALTER TABLE ledger_lot RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0011_verifications")]
    operations = [
        migrations.RunSQL(_NOW, _BEFORE),
        migrations.RunSQL(_ROOM, _NO_ROOM),
        migrations.RemoveIndex("lot", "ledger_lot_live"),
        migrations.RemoveIndex("lot", "ledger_lot_to_expire"),
        migrations.AddField(
            "lot",
            "is_live",
            models.GeneratedField(
                expression=Q(available__gt=0) | Q(held__gt=0),
                output_field=models.BooleanField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex(
            "lot",
            models.Index(fields=["account"], condition=Q(is_live=True), name="ledger_lot_live"),
        ),
        migrations.AddIndex(
            "lot",
            models.Index(
                fields=["expires_at"], condition=Q(is_live=True), name="ledger_lot_to_expire"
            ),
        ),
    ]
