"""Being the outside world: the payer at the card page, the hand at the stand-ins' controls."""

from datetime import datetime
from functools import cache

import httpx
from django.conf import settings

from jewelrymodel.infra import clock

GOOD_CARD = "4242424242424242"
DECLINED_CARD = "4000000000000002"

_PAYER = {"name": "Demo Person", "expiry": "12 / 40", "cvc": "123"}


class StandInFailed(Exception):
    """A stand-in did not do what the demo world needs of it."""


def pay(url: str, *, card: str, email: str, country: str) -> None:
    """Fill in and send the card page at *url*, as a payer would."""
    form = _PAYER | {"number": card, "email": email, "country": country}
    answer = _line().post(url, data=form)
    expected = (303,) if card == GOOD_CARD else (200, 402)
    if answer.status_code not in expected:
        raise StandInFailed(f"the card page answered {answer.status_code}")


def set_processor_clock(now: datetime | None) -> None:
    """Let the processor live at *now*, or with None at the product's own time again."""
    instant = now or clock.now()
    offset_s = round((instant - clock.real_now()).total_seconds())
    _control(settings.SANDBOX_PORT, "clock", {"offset_s": offset_s})


def spoil_next_job(behaviour: str) -> None:
    """Make the hosted generator treat its next job as *behaviour* says, then be honest again."""
    _control(settings.GENERATOR_PORT, "faults", {"behaviour": behaviour, "times": 1})


def set_faults(**faults: int) -> None:
    """Let the processor go wrong as *faults* say, from now on."""
    _control(settings.SANDBOX_PORT, "faults", dict(faults))


def dispute(processor_charge_id: str, *, reason: str) -> str:
    """Be the card's holder: have the bank dispute a charge; return the dispute's id there."""
    return str(
        _control(
            settings.SANDBOX_PORT, f"charges/{processor_charge_id}/dispute", {"reason": reason}
        )["id"]
    )


def decide_dispute(processor_dispute_id: str, *, outcome: str) -> None:
    """Be the bank: decide a dispute."""
    path = f"disputes/{processor_dispute_id}/decide"
    _control(settings.SANDBOX_PORT, path, {"outcome": outcome})


def charge_again(processor_charge_id: str, *, order_id: str) -> dict[str, str]:
    """Have the processor take a charge's money once more; return the hint that it sends."""
    charge = _control(settings.SANDBOX_PORT, f"charges/{processor_charge_id}/repeat", {})
    return {"object": "charge", "object_id": str(charge["id"]), "order_id": order_id}


@cache
def _line() -> httpx.Client:
    """One for all that is sent: each reads every certificate of the machine. Kept connections may
    be closed by the other side, so each message has its own.
    """
    return httpx.Client(timeout=10, limits=httpx.Limits(max_keepalive_connections=0))


def _control(port: int, what: str, sent: dict[str, str | int]) -> dict[str, object]:
    try:
        answer = _line().post(f"http://127.0.0.1:{port}/_sandbox/{what}", json=sent)
    except httpx.HTTPError as problem:
        raise StandInFailed(f"nothing answers on port {port}: {problem}") from problem
    if answer.is_error:
        raise StandInFailed(f"{what} on port {port} answered {answer.status_code}: {answer.text}")
    return dict(answer.json())
