"""What the studio has to say: a code and its parameters, never a sentence.

Whoever shows it finds the sentence by the code, in the reader's language (web/studio_messages). The
values are stored with photos and images, so a code keeps its meaning.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Self

from jewelrymodel.kernel.errors import CodedError


class Code(StrEnum):
    """A code with the names of its parameters: numbers, rounded as they are to be read."""

    parameters: frozenset[str]

    def __new__(cls, value: str, *parameters: str) -> Self:
        code = str.__new__(cls, value)
        code._value_ = value
        code.parameters = frozenset(parameters)
        return code


class PhotoProblem(Code):
    """Why a file can't be used as a photo."""

    EMPTY = "empty"
    TOO_HEAVY = "too_heavy", "megabytes"
    NOT_A_PHOTO = "not_a_photo"
    BROKEN = "broken"
    TOO_LARGE = "too_large", "megapixels", "edge_px"
    TOO_SMALL = "too_small", "width_px", "height_px", "least_px"
    ANIMATED = "animated"
    HDR = "hdr"
    NO_ROOM = "no_room"
    TOO_COSTLY = "too_costly"


class PhotoNote(Code):
    """What was done to a photo before it could be used."""

    FROM_HEIC = "from_heic"
    FROM_CMYK = "from_cmyk"
    FROM_16_BIT = "from_16_bit"
    FROM_32_BIT = "from_32_bit"
    TRANSPARENCY_TO_WHITE = "transparency_to_white"
    PROFILE_UNREADABLE = "profile_unreadable"
    TO_SRGB = "to_srgb"
    REDUCED = "reduced", "width_px", "height_px"


class PieceProblem(Code):
    """Why no piece could be cut out of a photo."""

    NO_PIECE = "no_piece"
    PIECE_TOO_SMALL = "piece_too_small", "size_px", "least_px"
    UNCLEAR = "unclear"
    PERSON = "person"
    ON_CARD = "on_card"
    CUT_OFF = "cut_off"
    NOTHING_TAPPED = "nothing_tapped"


class CutoutNote(Code):
    """What to look at before a cutout is approved."""

    SMALL_MODEL = "small_model"
    OPENINGS_FILLED = "openings_filled"
    PARTS_MISSING = "parts_missing"
    PARTS_EXTRA = "parts_extra"
    SEVERAL_PARTS = "several_parts", "count"
    CORRECTIONS_LEFT_NOTHING = "corrections_left_nothing"
    CORRECTIONS_WITHOUT_EFFECT = "corrections_without_effect", "count"


class CorrectionProblem(Code):
    """Why a seller's corrections of a cutout can't be taken."""

    UNREADABLE = "unreadable"
    TOO_MANY = "too_many", "most"
    TOO_LONG = "too_long"
    OUTSIDE = "outside"


class NeutralProblem(Code):
    """Why a spot of a photo can't be taken for neutral."""

    OUTSIDE = "outside"
    TOO_DARK = "too_dark"
    BURNT_OUT = "burnt_out"
    COLORED = "colored"


class MattingProblem(Code):
    """Why no cutout model can serve."""

    MISSING = "missing"
    DAMAGED = "damaged"
    NOT_DESCRIBED = "not_described"
    NOT_LOADABLE = "not_loadable"


class ViewProblem(Code):
    """Why a piece can't be shown in a look without changing it."""

    WRONG_KIND = "wrong_kind"
    TOO_LARGE = "too_large", "size_mm"
    CUT_OFF = "cut_off"
    PIECE_CUT = "piece_cut"
    LOOSE_END = "loose_end"
    CHAIN_OUT_OF_REACH = "chain_out_of_reach"
    ONE_STRAND = "one_strand"
    CHAIN = "chain"
    SIDEWAYS = "sideways"
    ASKEW = "askew"
    PARTS_ON_CHAIN = "parts_on_chain"
    NO_BAIL = "no_bail"
    NO_OPENING = "no_opening"
    HEAD_HIDDEN = "head_hidden"
    HEAD_ASIDE = "head_aside"
    SEVERAL_RINGS = "several_rings"
    NOT_AT_A_SLANT = "not_at_a_slant"
    VIEW_TOO_FAR = "view_too_far"
    OVERLAP = "overlap"
    NO_STRAND = "no_strand"
    TOO_SHORT = "too_short", "size_mm"
    MOVED_TOO_FAR = "moved_too_far"
    MOVED_OUT = "moved_out"


class Alteration(Code):
    """What an image adds to the photographed piece, leaves out of it or hides."""

    RETOUCHED = "retouched", "area_mm2"
    MODEL_LIGHT = "model_light"
    MODEL_TAN = "model_tan"
    MODEL_DEEP = "model_deep"
    OWN_MODEL = "own_model"
    SKIN_LIGHT = "skin_light"
    OWN_CHAIN_LAID = "own_chain_laid"
    PLAIN_CHAIN_DRAWN = "plain_chain_drawn"
    CHAIN_LENGTH = "chain_length", "length_mm"
    CHAIN_COURSE = "chain_course", "height_mm"
    CHAIN_GAP_CLOSED = "chain_gap_closed", "gap_mm"
    CHAIN_PART_LEFT_OUT = "chain_part_left_out", "width_mm", "height_mm"
    STRAND_LAID = "strand_laid"
    ENDS_DRAWN = "ends_drawn", "length_mm"
    STRAND_ROUND_WRIST = "strand_round_wrist"
    REAR_HIDDEN = "rear_hidden", "percent"
    FINGER_FITTED = "finger_fitted"
    BAND_HIDDEN = "band_hidden", "percent"
    WRIST_FITTED = "wrist_fitted"
    WRIST_HIDDEN = "wrist_hidden", "percent"
    TILT_KEPT = "tilt_kept"
    TILT_SHORTER = "tilt_shorter", "percent"
    TILT_TALLER = "tilt_taller", "percent"
    ONE_EARRING_OF = "one_earring_of", "count"
    HOOP_HIDDEN = "hoop_hidden"
    WIRE_HIDDEN = "wire_hidden"
    SIZE_SHOWN = "size_shown", "shown_mm", "size_mm"
    ENLARGED = "enlarged", "percent"
    SURFACE = "surface"
    REFLECTION = "reflection"
    RUNS_OUT = "runs_out"
    RUNS_OUT_BEYOND = "runs_out_beyond", "width_mm", "height_mm"
    BACKGROUND = "background"
    BACKGROUND_REMOVED = "background_removed"
    BACKGROUND_WHITE = "background_white"
    SHADOW = "shadow"
    TURNED = "turned", "degrees"
    WHITE_BALANCED = "white_balanced", "red", "green", "blue"
    FADES_OUT = "fades_out"


@dataclass(frozen=True)
class Message:
    """A code with a value for each of its parameters. Raises ValueError where one is missing."""

    code: Code
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.parameters.keys() != self.code.parameters:
            raise ValueError(f"{self.code} takes {sorted(self.code.parameters)}")

    @property
    def stored(self) -> dict[str, Any]:
        """The message as JSON keeps it."""
        return {"code": self.code.value, "parameters": dict(self.parameters)}


def message(code: Code, **parameters: float) -> Message:
    """The message of a code with its parameters."""
    return Message(code, parameters)


class StudioRefusal(CodedError):
    """The studio says no; `message` is the code of its reason with the parameters."""

    codes: ClassVar[Iterable[str]] = ()

    def __init__(self, code: Code, /, **parameters: float) -> None:
        super().__init__(code, **parameters)
        self.message = message(code, **parameters)
