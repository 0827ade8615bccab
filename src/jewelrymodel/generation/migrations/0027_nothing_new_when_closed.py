"""A closed account gets no piece, photo, generation or model any more."""

from django.db import migrations

TABLES = ("piece", "photo", "task", "batch", "selection", "collection", "own_model")
FORWARD = "\n".join(
    f"CREATE TRIGGER refuse_closed BEFORE INSERT ON generation_{table} "
    "FOR EACH ROW EXECUTE FUNCTION accounts_refuse_closed();"
    for table in TABLES
)
BACKWARD = "\n".join(f"DROP TRIGGER refuse_closed ON generation_{table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_closed_accounts"),
        ("generation", "0026_agreement_over"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
