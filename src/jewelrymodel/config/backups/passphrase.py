"""The passphrase of a backup's secrets: from a file, or asked for."""

import getpass
import sys
from pathlib import Path

from jewelrymodel.config import environment_variables as env
from jewelrymodel.config.backups.sealing import SHORTEST_PASSPHRASE
from jewelrymodel.kernel.errors import CodedError


class NoPassphrase(CodedError):
    """Nobody said a passphrase, and nobody is there to be asked."""


class PassphraseTooShort(CodedError):
    """A passphrase that can be guessed seals nothing."""


def passphrase(given: str | None, *, is_new: bool) -> str:
    """Return the passphrase: from the file *given*, else BACKUP_PASSPHRASE_FILE, else asked for.

    Raises NoPassphrase, and PassphraseTooShort for one that *is_new*.
    """
    file = given or env.text("BACKUP_PASSPHRASE_FILE")
    if file:
        words = _read(Path(file))
    elif sys.stdin.isatty():
        words = getpass.getpass("Passphrase of the backup's secrets: ")
        if is_new and words != getpass.getpass("The same again: "):
            raise NoPassphrase(file="")
    else:
        raise NoPassphrase(file="")
    if is_new and len(words) < SHORTEST_PASSPHRASE:
        raise PassphraseTooShort(least=SHORTEST_PASSPHRASE)
    return words


def _read(path: Path) -> str:
    try:
        return path.read_text().strip("\r\n")
    except OSError:
        raise NoPassphrase(file=str(path)) from None
