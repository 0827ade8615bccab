"""An image keeps the outlines of what was hidden, left out or laid anew; older ones have none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0013_confirmed_damage_stays'),
    ]

    operations = [
        migrations.AddField(
            model_name='asset',
            name='declared_parts',
            field=models.JSONField(db_default=[], default=list),
        ),
    ]
