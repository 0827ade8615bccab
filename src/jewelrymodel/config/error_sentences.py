"""What the command line says of an exception: its own sentence, or the one for its code."""

from jewelrymodel.kernel.errors import CodedError

SENTENCES = {
    "text_damaged": (
        "The stored text of {file} doesn't have the SHA-256 {sha256}. Restore the database from a "
        "backup."
    ),
}
"""By code; a command that refuses by itself raises an exception with a sentence of its own."""


def sentence(error: Exception) -> str:
    """Return what a person at the command line reads of *error*; never empty."""
    if not isinstance(error, CodedError):
        return str(error) or type(error).__name__
    if error.code in SENTENCES:
        return SENTENCES[error.code].format(**error.params)
    return f"This can't be done ({error})."
