"""Why a piece counts as its kind becomes a code, where it was a sentence."""

from django.db import migrations

CODES = {
    "two parts of about the same size: a pair": "two_alike",
    "strands run up from a body: a pendant on its chain": "body_on_chain",
    "strands run up and no single body hangs from them": "chain_without_body",
    "one large round opening": "large_opening",
    "much wider than high, without an opening": "much_wider_than_high",
    "a compact body, wider than high: a ring from the side": "compact_and_wide",
    "a compact body, higher than wide, without an opening": "compact_and_tall",
    "as you said": "named_by_seller",
}


def to_codes(apps, schema_editor):
    photos = apps.get_model("generation", "Photo").objects
    for sentence, code in CODES.items():
        photos.filter(kind_reason=sentence).update(kind_reason=code)


class Migration(migrations.Migration):
    dependencies = [("generation", "0002_finished_is_looked_up")]
    operations = [migrations.RunPython(to_codes, migrations.RunPython.noop)]
