"""What was saved is so again, as often as it is asked for."""

from __future__ import annotations

from tests.support.processor import Sandbox


def test_what_was_saved_is_so_again_twice(sandbox: Sandbox) -> None:
    charge = sandbox.paid()
    sandbox.panel("clock", offset_s=86_400)
    sandbox.panel("save")
    for _ in range(2):
        sandbox.api.refunds.create({"charge": charge.id, "amount": 100})
        sandbox.panel("clock", offset_s=172_800)
        sandbox.panel("faults", down=True)
        sandbox.panel("restore")
        assert sandbox.api.charges.retrieve(charge.id).amount_refunded == 0
        assert sandbox.http.get("/_sandbox/clock").json()["offset_s"] == 86_400
    assert len(sandbox.api.refunds.list().data) == 0


def test_a_reset_forgets_what_was_saved(sandbox: Sandbox) -> None:
    sandbox.panel("save")
    sandbox.panel("reset")
    assert sandbox.http.post("/_sandbox/restore").status_code == 400
