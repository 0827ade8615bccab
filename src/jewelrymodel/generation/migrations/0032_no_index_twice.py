"""Indexes go whose columns another one begins with; a lease no longer changes an index.

That of open tasks asked for their status, which a lease changes, so each lease wrote an entry into
every index of the table. Now the new version of a row stays in its page where that has room, and
the pages of tasks keep some: a task is written three times.
"""

from django.db import migrations, models
from django.db.models import PROTECT


def _without_index(
    model: str, name: str, to: str, related_name: str, *, null: bool = False
) -> migrations.AlterField:
    field = models.ForeignKey(to, PROTECT, related_name=related_name, null=null, db_index=False)
    return migrations.AlterField(model, name, field)


def _where_known(model: str, name: str, index: str) -> migrations.AddIndex:
    condition = models.Q(**{f"{name}__isnull": False})
    return migrations.AddIndex(model, models.Index(fields=[name], condition=condition, name=index))


class Migration(migrations.Migration):
    dependencies = [("generation", "0031_erased_looks")]
    operations = [
        migrations.RemoveIndex("task", "generation_task_open"),
        _without_index("asset", "account", "accounts.account", "assets"),
        _without_index("task", "account", "accounts.account", "tasks"),
        _without_index("taskitem", "task", "generation.task", "items"),
        _without_index("task", "batch", "generation.batch", "tasks", null=True),
        _where_known("task", "batch", "generation_task_batch"),
        _without_index("taskitem", "own_model", "generation.ownmodel", "items", null=True),
        _where_known("taskitem", "own_model", "generation_item_own_model"),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["created_at"],
                condition=models.Q(finished_at__isnull=True),
                name="generation_task_open",
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE generation_task SET (fillfactor = 70)",
            "ALTER TABLE generation_task RESET (fillfactor)",
        ),
    ]
