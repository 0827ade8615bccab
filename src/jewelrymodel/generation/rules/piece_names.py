"""What a piece is called before its seller names it."""

LONGEST = 120


def piece_name(file_name: str) -> str:
    """Return the name of a photo's file without its folder, its ending and its separators.

    Empty where nothing else is left of it.
    """
    plain = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    stem = plain.rpartition(".")[0] or plain
    return " ".join(stem.replace("_", " ").split()).strip(". ")[:LONGEST]
