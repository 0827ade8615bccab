"""An image has a format and, where its seller placed the piece by hand, what they set."""


import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('generation', '0016_photo_of_a_piece'),
    ]

    operations = [
        migrations.AddField(
            model_name='taskitem',
            name='adjustment',
            field=models.JSONField(db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='taskitem',
            name='aspect',
            field=models.CharField(db_default='1:1', default='1:1', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='taskitem',
            constraint=models.CheckConstraint(condition=models.Q(('aspect__in', ['1:1', '4:5', '3:4', '9:16', '16:9'])), name='generation_item_aspect'),
        ),
        migrations.AddConstraint(
            model_name='taskitem',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(models.Func(models.F('adjustment'), function='jsonb_typeof', output_field=models.TextField()), models.Value('object')), name='generation_item_adjustment_is_an_object'),
        ),
    ]
