"""Whether the account can calculate tax by itself."""

from __future__ import annotations

from jewelrymodel.sandbox import automatic_tax
from jewelrymodel.sandbox.api_call import Call
from jewelrymodel.sandbox.encodings import Doc


def retrieve(call: Call) -> Doc:
    """`GET /v1/tax/settings`"""
    return automatic_tax.settings(call.tx)
