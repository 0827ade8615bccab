from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0023_own_models'),
    ]

    operations = [
        migrations.AddField(
            model_name='asset',
            name='alt_text',
            field=models.CharField(blank=True, db_default='', max_length=250),
        ),
    ]
