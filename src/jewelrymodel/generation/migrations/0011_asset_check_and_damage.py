"""Each image keeps the version of the check that passed it; of older ones that isn't known."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_no_billers'),
        ('generation', '0010_corrections'),
    ]

    operations = [
        migrations.AddField(
            model_name='asset',
            name='check_version',
            field=models.CharField(db_default='unknown', default='unknown', max_length=40),
        ),
        migrations.AddField(
            model_name='asset',
            name='damage_confirmed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(fields=['created_at'], include=('damage_confirmed_at',), name='generation_asset_created'),
        ),
        migrations.AddIndex(
            model_name='asset',
            index=models.Index(condition=models.Q(('damage_confirmed_at__isnull', False)), fields=['damage_confirmed_at'], name='generation_asset_damaged'),
        ),
    ]
