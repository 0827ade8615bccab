"""What is promised when a plan is canceled, and when credits are held for a generation."""

import django.db.models.deletion
from django.db import migrations, models

_HASHED = ("cancellation_promise", "generation_promise")
_TABLES = (*_HASHED, "task_promise")
_HASH = """
ALTER TABLE promises_{0} ADD CONSTRAINT promises_{0}_has_its_hash
  CHECK (encode(sha256(convert_to(document, 'UTF8')), 'hex') = sha256);
"""
_STAYS = """
CREATE TRIGGER never_change BEFORE UPDATE OR DELETE ON promises_{0}
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_change();
CREATE TRIGGER is_not_emptied BEFORE TRUNCATE ON promises_{0}
  FOR EACH STATEMENT EXECUTE FUNCTION promises_refuse_change();
"""
_FUNCTIONS = """
CREATE FUNCTION promises_refuse_uncanceled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM payments_subscription s
    WHERE s.id = NEW.subscription_id AND s.account_id = NEW.account_id
      AND s.cancel_requested_at = NEW.made_at
  ) THEN
    RAISE EXCEPTION 'subscription % is not canceled at that instant, or another account''s',
      NEW.subscription_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_uncanceled BEFORE INSERT ON promises_cancellation_promise
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_uncanceled();

CREATE FUNCTION promises_refuse_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM generation_task t WHERE t.id = NEW.task_id AND t.status = 'queued'
  ) THEN
    RAISE EXCEPTION 'generation % has begun: nothing is promised for it now', NEW.task_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER refuse_begun BEFORE INSERT ON promises_task_promise
  FOR EACH ROW EXECUTE FUNCTION promises_refuse_begun();
"""
FORWARD = _FUNCTIONS + "".join(map(_HASH.format, _HASHED)) + "".join(map(_STAYS.format, _TABLES))
BACKWARD = (
    "".join(
        f"DROP TRIGGER is_not_emptied ON promises_{one}; DROP TRIGGER never_change ON promises_{one};"
        for one in _TABLES
    )
    + "".join(
        f"ALTER TABLE promises_{one} DROP CONSTRAINT promises_{one}_has_its_hash;"
        for one in _HASHED
    )
    + "DROP TRIGGER refuse_begun ON promises_task_promise; DROP FUNCTION promises_refuse_begun();"
    + "DROP TRIGGER refuse_uncanceled ON promises_cancellation_promise;"
    + "DROP FUNCTION promises_refuse_uncanceled();"
)


def _signed() -> list[tuple[str, models.Field]]:  # type: ignore[type-arg]  # as migrations have them
    return [
        ("document", models.TextField()),
        ("sha256", models.CharField(max_length=64)),
        ("signature", models.CharField(max_length=128)),
        ("public_key", models.CharField(max_length=64)),
        ("made_at", models.DateTimeField()),
    ]


def _key_to(model: str) -> models.ForeignKey:  # type: ignore[type-arg]  # as migrations have them
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, to=model
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_invitations"),
        ("generation", "0034_provider_choices"),
        ("payments", "0022_nothing_bought_when_closed"),
        ("promises", "0001_initial"),
    ]
    operations = [
        migrations.CreateModel(
            name="GenerationPromise",
            fields=[*_signed(), ("id", models.AutoField(primary_key=True, serialize=False))],
            options={
                "db_table": "promises_generation_promise",
                "constraints": [
                    models.UniqueConstraint(fields=("sha256",), name="promises_generation_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskPromise",
            fields=[
                (
                    "task",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="promised",
                        serialize=False,
                        to="generation.task",
                    ),
                ),
                ("promise", _key_to("promises.generationpromise")),
            ],
            options={"db_table": "promises_task_promise"},
        ),
        migrations.CreateModel(
            name="CancellationPromise",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                *_signed(),
                ("account", _key_to("accounts.account")),
                ("subscription", _key_to("payments.subscription")),
            ],
            options={
                "db_table": "promises_cancellation_promise",
                "indexes": [models.Index(fields=["account"], name="promises_cancel_of_account")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subscription", "made_at"), name="promises_cancellation_once"
                    )
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
