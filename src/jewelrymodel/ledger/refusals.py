"""What every refusal of the ledger is."""


class LedgerRefusal(Exception):
    """The ledger refused. Nothing was changed."""

    def __str__(self) -> str:
        return super().__str__() or (self.__doc__ or "").strip()
