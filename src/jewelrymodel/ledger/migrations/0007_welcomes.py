"""The free credits of a new account: a source of their own, once for an account and a mailbox."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_no_billers'),
        ('ledger', '0006_former_operations_are_refused'),
    ]

    operations = [
        migrations.CreateModel(
            name='Welcome',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('mailbox_sha256', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'ledger_welcome',
            },
        ),
        migrations.RemoveConstraint(
            model_name='lot',
            name='ledger_lot_source',
        ),
        migrations.AlterField(
            model_name='lot',
            name='source',
            field=models.CharField(choices=[('subscription_period', 'Subscription Period'), ('package_order', 'Package Order'), ('replacement', 'Replacement'), ('restoration', 'Restoration'), ('promotion', 'Promotion'), ('welcome', 'Welcome')], max_length=24),
        ),
        migrations.AddConstraint(
            model_name='lot',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['subscription_period', 'package_order', 'replacement', 'restoration', 'promotion', 'welcome'])), name='ledger_lot_source'),
        ),
        migrations.AddField(
            model_name='welcome',
            name='account',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.account'),
        ),
        migrations.AddField(
            model_name='welcome',
            name='lot',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.lot'),
        ),
        migrations.AddConstraint(
            model_name='welcome',
            constraint=models.CheckConstraint(condition=models.Q(('mailbox_sha256__regex', '^[0-9a-f]{64}$')), name='ledger_welcome_mailbox_is_a_hash'),
        ),
    ]
