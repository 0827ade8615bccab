"""States of gifts are called as the buttons are that lead to them; no row changes."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0013_credit_gifts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='creditgift',
            name='state',
            field=models.CharField(choices=[('pending_approval', 'pending second approval'), ('rejected', 'refused'), ('given', 'given'), ('undone', 'taken back')], max_length=16),
        ),
    ]
