"""Writes: one transaction each, keyword-only, told what time it is."""

from jewelrymodel.generation.operations.cutout_correction import CutoutChanged, correct
from jewelrymodel.generation.operations.damage import confirm_damage
from jewelrymodel.generation.operations.favorites import set_favorite
from jewelrymodel.generation.operations.generator_handle import note_asked, note_handle
from jewelrymodel.generation.operations.image_download import (
    DownloadSuspended,
    NoSuchFormat,
    export,
    export_many,
    require_usable,
)
from jewelrymodel.generation.operations.leases import (
    FenceLost,
    NotLeasable,
    lease_photo,
    lease_task,
    note_step,
    nudge_late,
    nudge_photo,
    nudge_task,
    park_task,
    renew,
)
from jewelrymodel.generation.operations.look_preview import make_preview
from jewelrymodel.generation.operations.photo_approval import (
    MAX_SIZE_MM,
    MIN_SIZE_MM,
    CutoutFiles,
    CutoutResult,
    NotShown,
    SizeUnlikely,
    approve,
    cut_again,
    give_up_photo,
    refuse_photo,
    show_cutout,
    upload,
)
from jewelrymodel.generation.operations.piece_photos import PieceFull
from jewelrymodel.generation.operations.retouched_area import retouched_area
from jewelrymodel.generation.operations.settlement import (
    NotOwedAnymore,
    deliver_late,
    fail_item,
    give_up,
    keep_output,
    settle,
    stop_waiting,
)
from jewelrymodel.generation.operations.submission import (
    AspectUnknown,
    LookUnknown,
    NoLookChosen,
    OutOfBounds,
    PhotoNotApproved,
    TaskOver,
    TooManyImages,
    cancel,
    submit,
)
from jewelrymodel.studio.render import ViewRefused

__all__ = [
    "MAX_SIZE_MM",
    "MIN_SIZE_MM",
    "AspectUnknown",
    "CutoutChanged",
    "CutoutFiles",
    "CutoutResult",
    "DownloadSuspended",
    "FenceLost",
    "LookUnknown",
    "NoLookChosen",
    "NoSuchFormat",
    "NotLeasable",
    "NotOwedAnymore",
    "NotShown",
    "OutOfBounds",
    "PhotoNotApproved",
    "PieceFull",
    "SizeUnlikely",
    "TaskOver",
    "TooManyImages",
    "ViewRefused",
    "approve",
    "cancel",
    "confirm_damage",
    "correct",
    "cut_again",
    "deliver_late",
    "export",
    "export_many",
    "fail_item",
    "give_up",
    "give_up_photo",
    "keep_output",
    "lease_photo",
    "lease_task",
    "make_preview",
    "note_asked",
    "note_handle",
    "note_step",
    "nudge_late",
    "nudge_photo",
    "nudge_task",
    "park_task",
    "refuse_photo",
    "renew",
    "require_usable",
    "retouched_area",
    "set_favorite",
    "settle",
    "show_cutout",
    "stop_waiting",
    "submit",
    "upload",
]
