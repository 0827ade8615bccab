"""What the studio said in English sentences becomes codes, so that each reader's language has it.

A sentence that isn't known here stays as it is, and is shown as it is.
"""

import re

from django.db import migrations

NUMBER = r"([\d,.]+)"
STEPS = {
    "Reading the photo": "reading_photo",
    "Looking for the piece": "finding_piece",
    "Cutting out the piece": "cutting_out",
    "Cleaning its edge": "cleaning_edge",
    "Choosing the view": "choosing_view",
    "Setting the scene": "setting_scene",
    "Placing the piece": "placing_piece",
    "Laying the chain": "laying_chain",
    "Lighting the piece": "lighting_piece",
    "Checking it against the cutout": "checking",
    "Checking it against your cutout": "checking",
    "Waiting for its turn": "waiting_for_turn",
    "Asking the generator": "asking_generator",
    "queued at the generator": "generating",
    "generating": "generating",
}
NOTES = [
    ("Converted from HEIC", "from_heic"),
    ("Converted from print colors", "from_cmyk"),
    ("Converted from 16-bit", "from_16_bit"),
    ("The transparent background was made white", "transparency_to_white"),
    ("The color profile couldn't be read", "profile_unreadable"),
    ("Colors converted to sRGB", "to_srgb"),
    (f"Made smaller from {NUMBER} × {NUMBER} pixels", "reduced", "width_px", "height_px"),
    ("The small cutout model served", "small_model"),
    ("Openings may have been filled", "openings_filled"),
]
PIECES = [
    ("No piece was found", "no_piece"),
    (f"The piece is only {NUMBER} pixels large; {NUMBER} are", "piece_too_small", "size_px", "least_px"),
    ("The piece can't be told from", "unclear"),
    ("This looks like a person", "person"),
    ("What was found runs far over", "cut_off"),
    ("There is no piece at that place", "nothing_tapped"),
]
VIEWS = [
    ("“.*” doesn't suit a", "wrong_kind"),
    (f"At {NUMBER} mm (?:a part of the piece|the piece|the earring)", "too_large", "size_mm"),
    ("Your photo cuts the piece at more than one edge", "cut_off"),
    ("The chain's two sides end at different heights", "loose_end"),
    ("The chain wouldn't reach the piece", "chain_out_of_reach"),
    ("Only one side of the chain", "one_strand"),
    ("We can't tell the chain from the piece", "chain"),
    ("The chain runs to the side", "sideways"),
    ("The piece doesn't hang straight", "askew"),
    ("There are other parts on the chain", "parts_on_chain"),
    ("Nothing at the top of the piece", "no_bail"),
    ("This photo doesn't look through the ring's opening", "no_opening"),
    ("On this hand a part of the ring", "head_hidden"),
    ("None of the hands in this look", "view_too_far"),
]
ALTERATIONS = [
    ("The person: a computer-made person with light skin", "model_light"),
    ("The person: a computer-made person with tan skin", "model_tan"),
    ("The person: a computer-made person with deep skin", "model_deep"),
    ("Light and shadows on the skin", "skin_light"),
    ("The chain's course: your chain's own links", "own_chain_laid"),
    ("The whole chain: your photo shows none", "plain_chain_drawn"),
    (rf"Your photo's own course of the chain \({NUMBER} mm high\)", "chain_course", "height_mm"),
    (f"A bit of chain in a gap of {NUMBER} mm", "chain_gap_closed", "gap_mm"),
    (f"Left out: a part of {NUMBER} × {NUMBER} mm on the chain", "chain_part_left_out", "width_mm", "height_mm"),
    (rf"The far side of the band \({NUMBER} % of the ring\)", "band_hidden", "percent"),
    ("The ring's tilt: its height is drawn as in", "tilt_kept"),
    (f"The ring's tilt: its height is drawn {NUMBER} % shorter", "tilt_shorter", "percent"),
    (f"The ring's tilt: its height is drawn {NUMBER} % taller", "tilt_taller", "percent"),
    (f"Left out: one of the {NUMBER} earrings", "one_earring_of", "count"),
    ("The half of the hoop behind the lobe", "hoop_hidden"),
    ("The surface and its light and shadows", "surface"),
    ("The reflection of the piece", "reflection"),
    (rf"The piece runs out of the picture.*\({NUMBER} × {NUMBER} mm\)", "runs_out_beyond", "width_mm", "height_mm"),
    ("The piece runs out of the picture", "runs_out"),
    ("backdrop", "background"),
    ("shadow", "shadow"),
]
FITTED = "the finger is taken as wide"  # was said together with who is shown


def message(sentence, known):
    """The code and parameters of a sentence, or None where it isn't known."""
    plain = sentence.replace("’", "'")
    for pattern, code, *names in known:
        match = re.match(pattern, plain)
        if match:
            values = [float(one.replace(",", "")) for one in match.groups()]
            return {"code": code, "parameters": dict(zip(names, values, strict=True))}
    return None


def messages(stored, known):
    """A list of messages from a list of sentences; what isn't known stays a sentence."""
    changed = []
    for one in stored:
        known_message = message(one, known) if isinstance(one, str) else None
        changed.append(known_message or one)
        if known_message and FITTED in one:
            changed.append({"code": "finger_fitted", "parameters": {}})
    return changed


def steps_of(row):
    row.step = STEPS.get(row.step, row.step)
    row.steps = list(dict.fromkeys(STEPS.get(one, one) for one in row.steps))


def reason_of(row, known, parametrized):
    """A sentence that its code says too goes; one of the studio becomes its message."""
    if not row.former_reason:
        return
    if parametrized:
        detail = message(row.former_reason, known)
        if detail is None:
            return
        row.reason_detail = detail
    row.former_reason = ""


def to_codes(apps, schema_editor):
    def get(name):
        return apps.get_model("generation", name).objects.iterator(chunk_size=500)

    own = ("no_matting", "cutout_lost")
    for row in get("Photo"):
        steps_of(row)
        row.notes, row.cutout_notes = messages(row.notes, NOTES), messages(row.cutout_notes, NOTES)
        reason_of(row, PIECES, row.reason_code not in own)
        row.save(update_fields=["step", "steps", "notes", "cutout_notes", *REASON])
    for row in get("Task"):
        steps_of(row)
        reason_of(row, VIEWS, row.reason_code == "view_refused")
        row.save(update_fields=["step", "steps", *REASON])
    for row in get("TaskItem"):
        reason_of(row, VIEWS, row.reason_code == "view_refused")
        row.save(update_fields=REASON)
    for row in get("Asset"):
        row.alterations = messages(row.alterations, ALTERATIONS)
        row.save(update_fields=["alterations"])


REASON = ["former_reason", "reason_detail"]


class Migration(migrations.Migration):
    dependencies = [("generation", "0008_room_for_codes")]
    operations = [migrations.RunPython(to_codes, migrations.RunPython.noop)]
