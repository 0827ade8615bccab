"""An incident opened by mistake is withdrawn; no row is deleted, and a withdrawn one stays so."""

from django.db import migrations, models
from django.db.models import Q

_STAYS = """
CREATE TRIGGER incidents_incident_stays BEFORE DELETE ON incidents_incident
  FOR EACH ROW EXECUTE FUNCTION append_only();
CREATE TRIGGER incidents_incident_stays_withdrawn BEFORE UPDATE ON incidents_incident
  FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial"), ("audit", "0002_append_only")]
    operations = [
        migrations.AddField("Incident", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.RemoveConstraint("Incident", "incidents_incident_one_open_per_feature"),
        migrations.AddConstraint(
            "Incident",
            models.UniqueConstraint(
                fields=["feature"],
                condition=Q(ended_at__isnull=True, withdrawn_at__isnull=True),
                name="incidents_incident_one_open_per_feature",
            ),
        ),
        migrations.RunSQL(_STAYS),
    ]
