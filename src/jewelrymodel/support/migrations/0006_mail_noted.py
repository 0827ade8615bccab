from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0005_mail_put_aside'),
    ]

    operations = [
        migrations.AlterField(
            model_name='takenmail',
            name='outcome',
            field=models.CharField(choices=[('opened', 'opened a case'), ('threaded', 'joined its case'), ('quarantined', 'in quarantine'), ('unanswered', 'kept, not answered'), ('dismissed', 'put aside by a person'), ('noted', 'noted in its case')], max_length=12),
        ),
    ]
