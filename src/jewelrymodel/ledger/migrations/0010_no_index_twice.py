"""Indexes go whose columns another one begins with, and those that nobody looks by.

The newest movements are found from the end of the index over (account, id).
"""

from django.db import migrations, models
from django.db.models import PROTECT


def _without_index(
    model: str, name: str, to: str, *, related_name: str = "+", null: bool = False
) -> migrations.AlterField:
    is_checked = (model, name) in {("hold", "account"), ("lot", "account"), ("lot", "continues")}
    field = models.ForeignKey(
        to, PROTECT, related_name=related_name, null=null, db_constraint=is_checked, db_index=False
    )
    return migrations.AlterField(model, name, field)


class Migration(migrations.Migration):
    dependencies = [("ledger", "0009_lock_in_one_statement")]
    operations = [
        migrations.RemoveIndex("movement", "ledger_movement_newest"),
        migrations.RemoveIndex("hold", "ledger_hold_subject"),
        _without_index("hold", "account", "accounts.account"),
        _without_index("holdline", "account", "accounts.account"),
        _without_index("holdline", "hold", "ledger.hold", related_name="lines"),
        _without_index("lot", "account", "accounts.account"),
        _without_index("lot", "continues", "ledger.lot", related_name="continuations", null=True),
        _without_index("movement", "hold", "ledger.hold", related_name="movements", null=True),
        _without_index("movement", "lot", "ledger.lot", null=True),
        _without_index("transfer", "account", "accounts.account"),
        _without_index("transfer", "from_lot", "ledger.lot", related_name="outgoing"),
        migrations.AddIndex(
            "lot",
            models.Index(
                fields=["continues"],
                condition=models.Q(continues__isnull=False),
                name="ledger_lot_continuation",
            ),
        ),
    ]
