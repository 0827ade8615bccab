"""Reports read the requests of some days: they are found by when they were opened."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0011_invitations'),
        ('support', '0025_saved_replies'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['opened_at'], name='support_case_opened'),
        ),
    ]
