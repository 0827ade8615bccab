"""How often an account may do what costs us work."""

from dataclasses import dataclass
from datetime import datetime

from jewelrymodel.infra import rate_limiter

_HOUR_S, _DAY_S = 3600, 86_400


@dataclass(frozen=True)
class RateLimit:
    """At most *uses* of *name* by one account in a window of *window_s* seconds."""

    name: str
    uses: int
    window_s: int


UPLOADS = RateLimit("upload", 60, _HOUR_S)
BATCH_UPLOADS = RateLimit("batch_upload", 600, _DAY_S)
CORRECTIONS = RateLimit("correct", 120, _HOUR_S)
PREVIEWS = RateLimit("preview", 400, _HOUR_S)
GENERATIONS = RateLimit("generate", 120, _HOUR_S)
DOWNLOADS = RateLimit("download", 600, _HOUR_S)
PROOFS = RateLimit("proof", 20, _HOUR_S)
REQUESTS = RateLimit("request", 20, _DAY_S)
REPLIES = RateLimit("reply", 60, _DAY_S)
MODELS = RateLimit("own-model", 20, _DAY_S)
LETTERS_TO_A_STRANGER = 3  # a day, whoever asks for them


def count_or_refuse(limit: RateLimit, *, account_id: str, now: datetime) -> None:
    """Count one use; raises rate_limiter.TooOften beyond the limit."""
    key = f"{limit.name}:{account_id}"
    rate_limiter.count_or_refuse(key, limit=limit.uses, window_s=limit.window_s, now=now)


def count_letter(address: str, *, now: datetime) -> None:
    """Count a letter that somebody makes us write to *address*; raises rate_limiter.TooOften."""
    key = f"letter:{address.strip().lower()}"
    rate_limiter.count_or_refuse(key, limit=LETTERS_TO_A_STRANGER, window_s=_DAY_S, now=now)
