"""The room's work in the background: load, one call."""

from procrastinate.contrib.django import app

from jewelrymodel.accounts import operations
from jewelrymodel.audit import operations as audit
from jewelrymodel.infra import clock, housekeeping


@app.periodic(cron="11 4 * * *")
@app.task(name="accounts.forget_ended_sessions", queueing_lock="accounts.forget_ended_sessions")
def forget_ended_sessions(timestamp: int) -> None:
    """Remove sign-ins that are over."""
    many = operations.forget_ended_sessions(machine_now=clock.real_now())
    _note("accounts.forget_ended_sessions", many)


@app.periodic(cron="17 4 * * *")
@app.task(name="accounts.forget_invitations", queueing_lock="accounts.forget_invitations")
def forget_invitations(timestamp: int) -> None:
    """Remove the addresses of invitations that are over."""
    _note("accounts.forget_invitations", operations.forget_invitations(now=clock.now()))


@app.periodic(cron="23 4 * * *")
@app.task(name="accounts.forget_security_events", queueing_lock="accounts.forget_security_events")
def forget_security_events(timestamp: int) -> None:
    """Remove sign-ins and refusals whose time is over."""
    many = audit.forget_security_events(now=clock.real_now())
    _note("accounts.forget_security_events", many)


def _note(task: str, removed: int) -> None:
    housekeeping.note_run(task, removed=removed, machine_now=clock.real_now())
