"""What is done at the processor behind our back, by banks and by a hand at its dashboard."""

from collections import deque
from contextlib import suppress
from typing import Any

import httpx

from tests.support.campaign.plan import Dispute
from tests.support.campaign.records import Records
from tests.support.outside import KEY

TIMEOUT_S = 20


class Bank:
    """The banks behind the processor's stand-in at *port*; what they decide is in the records."""

    def __init__(self, port: int, records: Records) -> None:
        self._url, self._records = f"http://127.0.0.1:{port}", records

    def charge_of(self, session: str) -> str:
        """Return the charge that paid a payment page."""
        page = self._read(f"/v1/checkout/sessions/{session}")
        intent = self._read(f"/v1/payment_intents/{page['payment_intent']}")
        return str(intent["latest_charge"])

    def newest_charge_of(self, email: str) -> str:
        """Return the newest charge that somebody paid; empty without one."""
        customers = self._read(f"/v1/customers?email={email}&limit=20")["data"]
        charges = [
            charge
            for customer in customers
            for charge in self._read(f"/v1/charges?customer={customer['id']}&limit=20")["data"]
            if charge["paid"]
        ]
        return str(max(charges, key=lambda one: one["created"])["id"]) if charges else ""

    def act(self, charge: str, act: str, **sent: object) -> httpx.Response:
        """Do something with a charge, as often as it takes to be answered."""
        return self._send(f"/_sandbox/charges/{charge}/{act}", sent)

    def dispute(self, charge: str, dispute: Dispute) -> None:
        """Dispute a charge; one that can't be is left alone. What is decided later is noted."""
        self.act(charge, "dispute", reason=dispute.reason, inquiry=dispute.is_inquiry)
        for one in self._read(f"/v1/disputes?charge={charge}")["data"]:
            if one["id"] not in self._records.disputes:
                self._records.disputes[one["id"]] = deque(dispute.outcomes)

    def decide(self) -> None:
        """Decide the oldest dispute for which something is left to decide."""
        for dispute, outcomes in list(self._records.disputes.items()):
            with suppress(IndexError):  # nothing is left of it, or another act took it
                outcome = outcomes.popleft()
                answer = self._send(f"/_sandbox/disputes/{dispute}/decide", {"outcome": outcome})
                if answer.status_code >= 400:  # time decided it meanwhile
                    self._records.count(self._records.refusals, f"dispute {outcome}")
                return

    def decide_all(self) -> None:
        """Decide all that is left to decide."""
        while any(self._records.disputes.values()):
            self.decide()

    def _read(self, path: str) -> dict[str, Any]:
        def ask() -> httpx.Response:
            return httpx.get(self._url + path, headers=KEY, timeout=TIMEOUT_S)

        return dict(self._records.patiently("the bank", "look", ask).raise_for_status().json())

    def _send(self, path: str, sent: dict[str, Any]) -> httpx.Response:
        def ask() -> httpx.Response:
            return httpx.post(self._url + path, json=sent, timeout=TIMEOUT_S)

        return self._records.patiently("the bank", "act", ask)
