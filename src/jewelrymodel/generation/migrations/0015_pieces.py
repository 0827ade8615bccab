"""Pieces and collections; each photo so far becomes a piece of its own, named by its file."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Lower

_CASCADE, _PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT
_AT_A_TIME = 500


def _key(to: str, **options: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(to=to, **{"on_delete": _PROTECT, **options})


def _name(file_name: str) -> str:
    stem = file_name.rpartition(".")[0] or file_name
    return " ".join(stem.replace("_", " ").split()).strip(". ")[:120]


def pieces_of_photos(apps: Any, schema_editor: object) -> None:
    """Give each photo without a piece one: its name from the file's, its size where approved."""
    pieces, photos = (apps.get_model("generation", name).objects for name in ("Piece", "Photo"))
    while rows := list(photos.filter(piece=None).order_by("id")[:_AT_A_TIME]):
        for row in rows:
            is_approved = row.approved_at is not None
            row.piece = pieces.create(
                id=f"piece_{row.id.partition('_')[2]}",
                account_id=row.account_id,
                name=_name(row.file_name),
                kind=row.kind if is_approved else "",
                size_mm=row.size_mm if is_approved else None,
                created_at=row.created_at,
            )
        photos.bulk_update(rows, ["piece"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_no_billers"),
        ("generation", "0014_asset_declared_parts"),
    ]
    operations = [
        migrations.CreateModel(
            "Piece",
            [
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("account", _key("accounts.account", related_name="pieces")),
                ("name", models.CharField(blank=True, max_length=120)),
                ("sku", models.CharField(blank=True, max_length=60)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("size_mm", models.FloatField(null=True)),
                ("created_at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "generation_piece",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["id", "account"], name="generation_piece_of_account"
                    ),
                    models.UniqueConstraint(
                        "account",
                        Lower("sku"),
                        condition=~Q(sku="") & Q(deleted_at__isnull=True),
                        name="generation_piece_sku_once",
                    ),
                    models.CheckConstraint(
                        condition=Q(size_mm__isnull=True) | Q(size_mm__gt=0),
                        name="generation_piece_size_is_a_length",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["account", "-created_at", "id"],
                        name="generation_piece_newest",
                        condition=Q(deleted_at__isnull=True),
                    ),
                    models.Index(
                        fields=["deleted_at"],
                        name="generation_piece_deleted",
                        condition=Q(deleted_at__isnull=False),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "Collection",
            [
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("account", _key("accounts.account", related_name="collections")),
                ("name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "db_table": "generation_collection",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["id", "account"], name="generation_collection_of_account"
                    ),
                    models.UniqueConstraint(
                        "account", Lower("name"), name="generation_collection_name_once"
                    ),
                    models.CheckConstraint(
                        condition=~Q(name=""), name="generation_collection_is_named"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            "CollectionEntry",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", _key("accounts.account", related_name="+")),
                (
                    "collection",
                    _key("generation.collection", on_delete=_CASCADE, related_name="entries"),
                ),
                ("piece", _key("generation.piece", on_delete=_CASCADE, related_name="entries")),
            ],
            options={
                "db_table": "generation_collection_entry",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["collection", "piece"], name="generation_collection_entry_once"
                    )
                ],
            },
        ),
        migrations.AddField(
            "collection",
            "pieces",
            models.ManyToManyField(
                related_name="collections",
                through="generation.CollectionEntry",
                to="generation.piece",
            ),
        ),
        migrations.AddField(
            "photo", "piece", _key("generation.piece", null=True, related_name="photos")
        ),
        migrations.AddField(
            "photo",
            "view",
            models.CharField(
                choices=[
                    ("front", "front"),
                    ("three_quarter", "three-quarter"),
                    ("side", "side"),
                    ("back", "back"),
                    ("unknown", "view not named"),
                ],
                db_default="unknown",
                default="unknown",
                max_length=15,
            ),
        ),
        migrations.RunPython(pieces_of_photos, migrations.RunPython.noop),
    ]
