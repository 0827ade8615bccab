"""What every refusal of the ledger is."""

from jewelrymodel.kernel.errors import CodedError


class LedgerRefusal(CodedError):
    """The ledger refused. Nothing was changed."""
