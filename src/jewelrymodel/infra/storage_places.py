"""Every folder of the storage. Nothing is stored anywhere else, so that what is somebody's can be
handed out whole, and is gone whole once their account is closed.
"""

from dataclasses import dataclass

from jewelrymodel.kernel.errors import CodedError


@dataclass(frozen=True)
class StoragePlace:
    """A folder by its name, and what becomes of its files.

    *is_by_account*: each account has a folder of its own in it, which goes with the account; files
    of another place are named by rows alone. *is_exported*: its files are handed out to their
    owner; what can be made anew from others, and what shows another person, isn't.
    """

    folder: str
    is_by_account: bool
    is_exported: bool


DATA_EXPORTS = "data_exports"
"""Where files with somebody's data wait for being fetched."""

PLACES = {
    place.folder: place
    for place in (
        StoragePlace("assets", is_by_account=True, is_exported=True),
        StoragePlace("exports", is_by_account=True, is_exported=False),
        StoragePlace("own_models", is_by_account=True, is_exported=False),
        StoragePlace("photos", is_by_account=True, is_exported=True),
        StoragePlace("previews", is_by_account=True, is_exported=False),
        StoragePlace("requests", is_by_account=False, is_exported=True),
        StoragePlace("uploads", is_by_account=True, is_exported=False),
        StoragePlace(DATA_EXPORTS, is_by_account=True, is_exported=False),
    )
}


class UnknownPlace(CodedError):
    """Nobody said what becomes of files in this folder: name it among the places."""


def require_place(key: str) -> StoragePlace:
    """Return the place that *key* is in; raises UnknownPlace."""
    folder = key.partition("/")[0]
    if folder not in PLACES:
        raise UnknownPlace(folder=folder)
    return PLACES[folder]
