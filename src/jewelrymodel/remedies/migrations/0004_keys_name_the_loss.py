"""A remedy's key names the loss that it makes good, and no longer the rule that gave it.

A rule's name is its edition's: under another name the same loss would be paid again. What was given
before goes on protecting: rows of one key stay together, what is done is counted first, and what is
on its way holds the next round, which is the one that a new decision would take.
"""

from collections import defaultdict

from django.db import migrations

_LOSS = {
    "charge_remaining": "charge",
    "unused_share": "charge",
    "outage_share": "outage",
    "outage_credits": "outage",
    "owed_credits": "job",
    "captured_credits": "job",
    "delivery": "delivery",
    "as_found": "found",
}
_OF_PURCHASE = ("charge", "outage", "delivery")
_FAMILY = {
    "full_refund": "refund",
    "partial_refund": "refund",
    "restored_credits": "credits",
    "replacement_credits": "credits",
}


def rename_keys(apps, schema_editor):
    """Give every row its new key; the trigger that keeps what a remedy owes stands aside."""
    rows = apps.get_model("remedies", "RemedyRow").objects.select_related("decision")
    found = defaultdict(lambda: defaultdict(list))
    for row in rows.exclude(once_key__startswith="chosen:").order_by("created_at", "id"):
        found[_stem(row)][row.once_key].append(row)
    # Checks that wait for the commit would forbid to alter the table.
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("ALTER TABLE remedies_remedy DISABLE TRIGGER keep_remedy")
    for stem, by_key in found.items():
        _renumber(stem, by_key.values())
    schema_editor.execute("ALTER TABLE remedies_remedy ENABLE TRIGGER keep_remedy")


def _renumber(stem, groups):
    """Write the new keys of one loss; what only failed takes the round that is taken up next."""
    done = [rows for rows in groups if any(row.state == "done" for row in rows)]
    failed = [rows for rows in groups if all(row.state == "failed" for row in rows)]
    going = [rows for rows in groups if rows not in done and rows not in failed]
    numbered = [*enumerate([*done, *going]), *((len(done), rows) for rows in failed)]
    for number, rows in numbered:
        for row in rows:
            row.once_key = f"{stem}:{number}"
            row.save(update_fields=["once_key"])


def _stem(row):
    """The loss, whose it is and the family: all of the new key but its round."""
    body, decision = row.decision.body, row.decision
    kind = _FAMILY.get(row.kind, row.kind)
    given = [one for one in body["remedies"] if one["kind"] == row.kind]
    given += [one for one in body["remedies"] if _FAMILY.get(one["kind"], one["kind"]) == kind]
    loss = _LOSS[given[0]["formula"]]
    subject = f"{decision.subject_kind}:{decision.subject_id}"
    order = body["facts"].get("purchase.kind", {}).get("record", "")
    if loss in _OF_PURCHASE and order.startswith("order:"):
        subject = order
    return f"{loss}:{subject}:{kind}"


class Migration(migrations.Migration):
    dependencies = [("remedies", "0003_states_in_words")]
    operations = [migrations.RunPython(rename_keys, migrations.RunPython.noop)]
