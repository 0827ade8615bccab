"""A bank debit is on its way for days: orders and renewals have states for it, and for its end."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0025_renewals_being_collected'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='payments_order_state',
        ),
        migrations.RemoveConstraint(
            model_name='subscription',
            name='payments_subscription_open_invoice',
        ),
        migrations.RemoveIndex(
            model_name='order',
            name='payments_order_open',
        ),
        migrations.AlterField(
            model_name='order',
            name='state',
            field=models.CharField(choices=[('draft', 'Draft'), ('awaiting_payment', 'Awaiting Payment'), ('payment_pending', 'Payment Pending'), ('payment_failed', 'Payment Failed'), ('delivered', 'Delivered'), ('canceled', 'Canceled'), ('expired', 'Expired'), ('requires_review', 'Requires Review'), ('refund_due', 'Refund Due'), ('closed', 'Closed')], default='draft', max_length=16),
        ),
        migrations.AlterField(
            model_name='subscription',
            name='open_invoice_status',
            field=models.CharField(blank=True, choices=[('draft', 'Draft'), ('open', 'Open'), ('processing', 'Processing'), ('requires_action', 'Requires Action')], db_default='', default='', max_length=16),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ('draft', 'awaiting_payment', 'payment_pending', 'requires_review'))), fields=['next_look_at'], name='payments_order_open'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'awaiting_payment', 'payment_pending', 'payment_failed', 'delivered', 'canceled', 'expired', 'requires_review', 'refund_due', 'closed'])), name='payments_order_state'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('open_invoice_id', ''), ('open_invoice_status', '')), models.Q(('open_invoice_status__in', ['draft', 'open', 'processing', 'requires_action']), models.Q(('open_invoice_id', ''), _negated=True)), _connector='OR'), name='payments_subscription_open_invoice'),
        ),
    ]
