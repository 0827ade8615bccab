"""Every photo has a piece of its own account, a piece at most six photos; deletion is noted."""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORWARD = """
ALTER TABLE generation_photo ADD CONSTRAINT generation_photo_of_own_piece
  FOREIGN KEY (piece_id, account_id) REFERENCES generation_piece (id, account_id);

ALTER TABLE generation_collection_entry
  ADD CONSTRAINT generation_entry_of_own_piece
    FOREIGN KEY (piece_id, account_id) REFERENCES generation_piece (id, account_id)
    ON DELETE CASCADE,
  ADD CONSTRAINT generation_entry_of_own_collection
    FOREIGN KEY (collection_id, account_id) REFERENCES generation_collection (id, account_id)
    ON DELETE CASCADE;

CREATE FUNCTION generation_keep_few_photos() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM generation_piece WHERE id = NEW.piece_id FOR NO KEY UPDATE;
  IF (SELECT count(*) FROM generation_photo
      WHERE piece_id = NEW.piece_id AND deleted_at IS NULL AND id <> NEW.id) >= 6 THEN
    RAISE EXCEPTION 'piece % has six photos, and no more', NEW.piece_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'generation_piece_few_photos';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER keep_few_photos BEFORE INSERT OR UPDATE OF piece_id, deleted_at ON generation_photo
  FOR EACH ROW WHEN (NEW.deleted_at IS NULL)
  EXECUTE FUNCTION generation_keep_few_photos();
"""
BACKWARD = """
DROP TRIGGER keep_few_photos ON generation_photo;
DROP FUNCTION generation_keep_few_photos();
ALTER TABLE generation_collection_entry
  DROP CONSTRAINT generation_entry_of_own_piece,
  DROP CONSTRAINT generation_entry_of_own_collection;
ALTER TABLE generation_photo DROP CONSTRAINT generation_photo_of_own_piece;
"""


def require_pieces(apps: Any, schema_editor: Any) -> None:
    """Give a piece to the photos that came since the first step; their checks are done at once."""
    step = import_module("jewelrymodel.generation.migrations.0015_pieces")
    step.pieces_of_photos(apps, schema_editor)
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _deleted(table: str) -> list[migrations.operations.base.Operation]:
    return [
        migrations.AddField(table, "deleted_at", models.DateTimeField(null=True)),
        migrations.AddField(table, "purged_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            table,
            models.Index(
                fields=["deleted_at"],
                name=f"generation_{table}_deleted",
                condition=Q(deleted_at__isnull=False, purged_at__isnull=True),
            ),
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("generation", "0015_pieces")]
    operations = [
        migrations.RunPython(require_pieces, migrations.RunPython.noop),
        migrations.AlterField(
            "photo",
            "piece",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="generation.piece",
            ),
        ),
        *_deleted("photo"),
        *_deleted("asset"),
        migrations.AddConstraint(
            "photo",
            models.CheckConstraint(
                condition=Q(view__in=["front", "three_quarter", "side", "back", "unknown"]),
                name="generation_photo_view",
            ),
        ),
        migrations.AddIndex(
            "photo",
            models.Index(fields=["account", "sha256"], name="generation_photo_same"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
