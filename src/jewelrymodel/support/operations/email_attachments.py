"""What is attached to an email: pictures are kept, and what can't be shown is named, with why."""

from collections import Counter
from collections.abc import Sequence

from jewelrymodel.infra.file_names import short_file_name
from jewelrymodel.infra.photo_opener import open_upload
from jewelrymodel.studio.messages import PhotoProblem
from jewelrymodel.studio.photo import PhotoRefused
from jewelrymodel.support.adapters.pictures import (
    MAX_BYTES,
    MAX_PICTURES,
    Picture,
    PictureRefused,
    keep_picture,
)

_NAMED, _NAME = 10, 120  # of the files that can't be shown: so many names, so long
_WHY: dict[str, str] = {
    PhotoProblem.ANIMATED: "an animation",
    PhotoProblem.BROKEN: "damaged, or only part of it",
    PhotoProblem.EMPTY: "empty",
    PhotoProblem.NOT_A_PHOTO: "no picture that we can read",
    PhotoProblem.TOO_LARGE: "too many pixels",
    PhotoProblem.TOO_SMALL: "smaller than 250 pixels",
}
"""Why a file can't be shown, by what the decoder says of it."""


def keep_attachments(files: Sequence[tuple[str, bytes]]) -> tuple[tuple[Picture, ...], str]:
    """Return the pictures among *files*, kept, and a sentence on what isn't shown, with why.

    The sentence is empty where all of them are pictures and not too many.
    """
    pictures: list[Picture] = []
    rest: list[str] = []
    why: Counter[str] = Counter()
    for name, data in files:
        try:
            if len(pictures) == MAX_PICTURES:
                raise PictureRefused
            pictures.append(keep_picture(name=name, data=data))
        except PictureRefused:
            rest.append(short_file_name(name, _NAME))
            why[_refusal(data, is_too_many=len(pictures) == MAX_PICTURES)] += 1
    return tuple(pictures), f"\n\n({_not_shown(rest)})\n({_counted(why)})" if rest else ""


def _refusal(data: bytes, *, is_too_many: bool) -> str:
    if is_too_many:
        return f"more than {MAX_PICTURES} pictures"
    too_heavy = f"larger than {MAX_BYTES // 1_000_000} MB"
    try:
        open_upload(data)
    except PhotoRefused as refused:
        return _WHY.get(refused.code, too_heavy)
    return too_heavy


def _counted(why: Counter[str]) -> str:
    reasons = [f"{reason}: {count}" for reason, count in why.items()]
    return f"why not: {'; '.join(reasons)}"


def _not_shown(names: list[str]) -> str:
    more = len(names) - _NAMED
    return f"not shown here: {', '.join(names[:_NAMED])}{f' and {more} more' if more > 0 else ''}"
