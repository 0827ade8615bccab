"""A renewal's invoice is a draft for about an hour: how far it got stands beside its plan."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0024_money_moves_only'),
    ]

    operations = [
        migrations.AddField(
            model_name='subscription',
            name='open_invoice_id',
            field=models.CharField(blank=True, db_default='', default='', max_length=255),
        ),
        migrations.AddField(
            model_name='subscription',
            name='open_invoice_status',
            field=models.CharField(blank=True, choices=[('draft', 'Draft'), ('open', 'Open')], db_default='', default='', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('open_invoice_id', ''), ('open_invoice_status', '')), models.Q(('open_invoice_status__in', ['draft', 'open']), models.Q(('open_invoice_id', ''), _negated=True)), _connector='OR'), name='payments_subscription_open_invoice'),
        ),
    ]
