"""The looks of a hosted generator: a piece on a plain background."""

from jewelrymodel.studio.looks import Look, LookKind
from jewelrymodel.studio.piece_kinds import Kind

PLAIN_BACKGROUNDS = {  # what a hosted generator is asked for: colors at the top and at the bottom
    "plain-ivory": ("#f6f1e7", "#d8cdbb"),
    "plain-slate": ("#5b6470", "#343a43"),
    "plain-sage": ("#dfe5da", "#b4c0ad"),
}
PLAIN_LOOKS = {
    look_id: Look(look_id, LookKind.SCENE, frozenset(Kind)) for look_id in PLAIN_BACKGROUNDS
}
