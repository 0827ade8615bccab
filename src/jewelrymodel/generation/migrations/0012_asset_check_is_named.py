"""Every image names a version, be it "unknown"."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_no_billers'),
        ('generation', '0011_asset_check_and_damage'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='asset',
            constraint=models.CheckConstraint(condition=models.Q(('check_version', ''), _negated=True), name='generation_asset_check_is_named'),
        ),
    ]
