"""The names of files that people send, short enough to be kept and shown."""

LONGEST = 120


def short_file_name(name: str, longest: int = LONGEST) -> str:
    """Return *name*; of one with more than *longest* characters its end, after an ellipsis.

    The end tells files apart: it has the number and the kind.
    """
    return name if len(name) <= longest else f"…{name[1 - longest :]}"
