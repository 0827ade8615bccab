"""A renewal that the processor tries no more, and that can still be paid, has a status."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0026_payments_that_are_pending'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='subscription',
            name='payments_subscription_open_invoice',
        ),
        migrations.AlterField(
            model_name='subscription',
            name='open_invoice_status',
            field=models.CharField(blank=True, choices=[('draft', 'Draft'), ('open', 'Open'), ('processing', 'Processing'), ('requires_action', 'Requires Action'), ('uncollected', 'Uncollected')], db_default='', default='', max_length=16),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('open_invoice_id', ''), ('open_invoice_status', '')), models.Q(('open_invoice_status__in', ['draft', 'open', 'processing', 'requires_action', 'uncollected']), models.Q(('open_invoice_id', ''), _negated=True)), _connector='OR'), name='payments_subscription_open_invoice'),
        ),
    ]
