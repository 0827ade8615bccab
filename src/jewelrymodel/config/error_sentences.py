"""What the command line says of an exception: its own sentence, or the one for its code."""

from jewelrymodel.kernel.errors import CodedError

SENTENCES = {
    "text_damaged": (
        "The stored text of {file} doesn't have the SHA-256 {sha256}. Restore the database from a "
        "backup."
    ),
    "backup_not_whole": (
        "{path} of the backup is missing or was changed since; use another backup "
        "(jewelrymodel backup list FOLDER)."
    ),
    "backup_unreadable": "{where} is no backup that this version reads.",
    "manifest_changed": "The backup's manifest was changed since; use another backup.",
    "wrong_passphrase": "The passphrase doesn't open the backup's secrets, or they were changed.",
    "no_passphrase": (
        "Say the passphrase of the backup's secrets: --passphrase-file FILE, or "
        "BACKUP_PASSPHRASE_FILE, or at a terminal (twice the same). {file}"
    ),
    "passphrase_too_short": "The passphrase needs {least} characters or more.",
    "backup_under_way": "Another backup is written to {folder} now; wait for it.",
    "bad_backup_folder": "Choose a folder outside {folder}, best on another disk.",
    "tools_missing": (
        "PostgreSQL's {tool} of version {major} isn't here; install it "
        "(Debian: postgresql-client-{major})."
    ),
    "dump_failed": "{tool} failed: {why}",
    "target_not_empty": (
        "{where} isn't empty, and nothing is overwritten; choose an empty DATA_DIR and database."
    ),
    "backup_too_new": (
        "The backup is of a newer version ({version}, {migration}); install that version first."
    ),
    "other_key_set": (
        "SECRET_KEY is set to another than the backup's, so second factors couldn't be opened; "
        "leave it out, or set the backup's."
    ),
    "other_kind_of_data": "The backup holds {holds}, and DEMO is {demo}; change DEMO.",
    "proof_unreadable": "This file holds no proof; keep the one that the Credits page hands out.",
    "proof_too_new": "The file has the format {format}: use a newer version.",
    "signature_wrong": "Not proven: the attestation isn't signed by the key that it names.",
    "balance_differs": (
        "Not proven: the balance after movement {movement} doesn't follow from the records."
    ),
    "root_differs": (
        "Not proven: the records and the path don't lead to the attestation's root. Something in "
        "the file was changed, or isn't what was attested."
    ),
    "sum_differs": "Not proven: the attestation says another sum of credits than its root.",
    "negative_balance": "Not proven: a balance on the path is negative and would hide others.",
    "proof_malformed": "Not proven: something in the file isn't what a proof says there.",
    "other_account": "Not proven: the two files are about different accounts.",
    "earlier_is_later": "Not proven: the file that is called earlier is the later one.",
    "records_changed": "Not proven: records of the earlier file were changed or left out since.",
    "published_signature_wrong": (
        "Not proven: published attestation {number} isn't signed by the key that it names."
    ),
    "published_gap": (
        "Not proven: published attestation {number} doesn't follow the one before it."
    ),
    "not_published": "Not proven: attestation {number} isn't among those that were published.",
    "other_signer": "Not proven: the attestation is signed by {key}, not by the key you gave.",
    "not_settled": "Transactions run on that may still write; try again in a minute.",
    "restored_differs": (
        "The restored database differs from the backup: {what} was {kept} and is {found}. Use "
        "another backup, in an empty place."
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
