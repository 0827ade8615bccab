"""Sellers' own models: nobody is shown who hasn't agreed, and what was agreed stays a record."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION generation_keep_own_model_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.status, NEW.status) IN (
    ('asked', 'declined'), ('asked', 'withdrawn'), ('asked', 'lapsed'), ('asked', 'agreed'),
    ('agreed', 'removed'), ('agreed', 'revoked'), ('agreed', 'expired'),
    ('removed', 'revoked'), ('removed', 'expired')
  ) THEN
    RAISE EXCEPTION 'own model % does not go from % to %', OLD.id, OLD.status, NEW.status
      USING ERRCODE = 'check_violation', CONSTRAINT = 'generation_own_model_steps';
  END IF;
  IF NEW.status = 'agreed' AND NOT EXISTS (
    SELECT 1 FROM generation_own_model_agreement WHERE own_model_id = NEW.id
  ) THEN
    RAISE EXCEPTION 'nobody has signed an agreement on own model %', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'generation_own_model_signed';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_own_model_steps BEFORE UPDATE OF status ON generation_own_model
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status)
  EXECUTE FUNCTION generation_keep_own_model_steps();

CREATE FUNCTION generation_keep_own_model_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'what was agreed on own model % stays as it is', OLD.id
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_own_model_agreed BEFORE UPDATE ON generation_own_model
  FOR EACH ROW WHEN (OLD.id IS DISTINCT FROM NEW.id
    OR OLD.account_id IS DISTINCT FROM NEW.account_id OR OLD.sha256 IS DISTINCT FROM NEW.sha256
    OR OLD.until_on IS DISTINCT FROM NEW.until_on
    OR OLD.agreed_at IS NOT NULL AND OLD.agreed_at IS DISTINCT FROM NEW.agreed_at)
  EXECUTE FUNCTION generation_keep_own_model_agreed();

CREATE FUNCTION generation_keep_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the agreement on own model % is a record', OLD.own_model_id
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_agreement BEFORE UPDATE OR DELETE ON generation_own_model_agreement
  FOR EACH ROW EXECUTE FUNCTION generation_keep_agreement();

CREATE FUNCTION generation_require_agreement(model varchar, account varchar, at timestamptz)
  RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM generation_own_model
    WHERE id = model AND account_id = account AND status = 'agreed'
      AND (at AT TIME ZONE 'UTC')::date <= until_on
    FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'own model % has not agreed, or not for this account and day', model
      USING ERRCODE = 'check_violation', CONSTRAINT = 'generation_own_model_agrees';
  END IF;
END $$;

CREATE FUNCTION generation_order_with_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM generation_require_agreement(NEW.own_model_id, task.account_id, task.created_at)
    FROM generation_task AS task WHERE task.id = NEW.task_id;
  RETURN NEW;
END $$;

CREATE TRIGGER order_with_agreement BEFORE INSERT OR UPDATE OF own_model_id
  ON generation_task_item FOR EACH ROW WHEN (NEW.own_model_id IS NOT NULL)
  EXECUTE FUNCTION generation_order_with_agreement();

CREATE FUNCTION generation_make_with_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE model varchar;
BEGIN
  SELECT own_model_id INTO model FROM generation_task_item WHERE id = NEW.item_id;
  IF model IS NOT NULL THEN
    PERFORM generation_require_agreement(model, NEW.account_id, NEW.created_at);
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER make_with_agreement BEFORE INSERT ON generation_asset
  FOR EACH ROW EXECUTE FUNCTION generation_make_with_agreement();
"""
BACKWARD = """
DROP TRIGGER make_with_agreement ON generation_asset;
DROP FUNCTION generation_make_with_agreement();
DROP TRIGGER order_with_agreement ON generation_task_item;
DROP FUNCTION generation_order_with_agreement();
DROP FUNCTION generation_require_agreement(varchar, varchar, timestamptz);
DROP TRIGGER keep_agreement ON generation_own_model_agreement;
DROP FUNCTION generation_keep_agreement();
DROP TRIGGER keep_own_model_agreed ON generation_own_model;
DROP FUNCTION generation_keep_own_model_agreed();
DROP TRIGGER keep_own_model_steps ON generation_own_model;
DROP FUNCTION generation_keep_own_model_steps();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_emails_when_ready'),
        ('generation', '0022_photo_cutting_time'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnModel',
            fields=[
                ('id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('hand', 'hand'), ('ear', 'ear'), ('neck', 'neck'), ('wrist', 'wrist')], max_length=10)),
                ('person_name', models.CharField(max_length=80)),
                ('email', models.EmailField(max_length=254)),
                ('language', models.CharField(max_length=2)),
                ('asked_places', models.JSONField()),
                ('until_on', models.DateField()),
                ('status', models.CharField(choices=[('asked', 'waiting for an answer'), ('declined', 'declined'), ('withdrawn', 'request withdrawn'), ('lapsed', 'not answered in time'), ('agreed', 'agreed'), ('removed', 'removed by you'), ('revoked', 'agreement revoked'), ('expired', 'agreement expired')], default='asked', max_length=10)),
                ('round', models.PositiveSmallIntegerField(default=1)),
                ('image_key', models.CharField(max_length=200)),
                ('view_key', models.CharField(max_length=200)),
                ('mask_key', models.CharField(blank=True, max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('width_px', models.PositiveIntegerField()),
                ('height_px', models.PositiveIntegerField()),
                ('set_up', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('agreed_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('photo_erased_at', models.DateTimeField(null=True)),
                ('images_stopped_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_models', to='accounts.account')),
            ],
            options={
                'db_table': 'generation_own_model',
            },
        ),
        migrations.CreateModel(
            name='OwnModelAgreement',
            fields=[
                ('own_model', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='agreement', serialize=False, to='generation.ownmodel')),
                ('edition', models.CharField(max_length=20)),
                ('language', models.CharField(max_length=2)),
                ('text', models.TextField()),
                ('text_sha256', models.CharField(max_length=64)),
                ('places', models.JSONField()),
                ('generator', models.CharField(blank=True, max_length=60)),
                ('until_on', models.DateField()),
                ('record', models.TextField()),
                ('signature', models.CharField(max_length=120)),
                ('agreed_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'generation_own_model_agreement',
            },
        ),
        migrations.AddField(
            model_name='taskitem',
            name='own_model',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='items', to='generation.ownmodel'),
        ),
        migrations.AddConstraint(
            model_name='taskitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('look_id', models.F('own_model')), ('own_model__isnull', False)), models.Q(('own_model__isnull', True), models.Q(('look_id__startswith', 'model_'), _negated=True)), _connector='OR'), name='generation_item_own_model_is_the_look'),
        ),
        migrations.AddIndex(
            model_name='ownmodel',
            index=models.Index(fields=['account', '-created_at'], name='generation_own_model_newest'),
        ),
        migrations.AddIndex(
            model_name='ownmodel',
            index=models.Index(condition=models.Q(('ended_at__isnull', False), models.Q(('photo_erased_at__isnull', True), ('images_stopped_at__isnull', True), _connector='OR')), fields=['ended_at'], name='generation_own_model_to_erase'),
        ),
        migrations.AddConstraint(
            model_name='ownmodel',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['asked', 'declined', 'withdrawn', 'lapsed', 'agreed', 'removed', 'revoked', 'expired'])), name='generation_own_model_status'),
        ),
        migrations.AddConstraint(
            model_name='ownmodel',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['hand', 'ear', 'neck', 'wrist'])), name='generation_own_model_kind'),
        ),
        migrations.AddConstraint(
            model_name='ownmodel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_at__isnull', False), ('status__in', ['agreed', 'removed', 'revoked', 'expired'])), models.Q(models.Q(('status__in', ['agreed', 'removed', 'revoked', 'expired']), _negated=True), ('agreed_at__isnull', True)), _connector='OR'), name='generation_own_model_agreed_at'),
        ),
        migrations.AddConstraint(
            model_name='ownmodel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('status__in', ['asked', 'agreed'])), models.Q(models.Q(('status__in', ['asked', 'agreed']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='generation_own_model_ended_at'),
        ),
        migrations.AddConstraint(
            model_name='ownmodel',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('images_stopped_at__isnull', True), ('photo_erased_at__isnull', True)), ('ended_at__isnull', False), _connector='OR'), name='generation_own_model_erased_is_ended'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
