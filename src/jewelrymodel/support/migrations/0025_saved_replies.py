"""Replies that our team writes in advance, one text for each title and language."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('support', '0024_case_grounds'),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedReply',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=80)),
                ('language', models.CharField(max_length=5)),
                ('text', models.TextField()),
                ('changed_by', models.CharField(max_length=80)),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'support_saved_reply',
                'constraints': [models.UniqueConstraint(fields=('title', 'language'), name='support_reply_one_per_language'), models.CheckConstraint(condition=models.Q(models.Q(('title', ''), _negated=True), models.Q(('text', ''), _negated=True), models.Q(('language', ''), _negated=True)), name='support_reply_says_something'), models.CheckConstraint(condition=models.Q(('changed_by__startswith', 'user:')), name='support_reply_by_a_person')],
            },
        ),
    ]
