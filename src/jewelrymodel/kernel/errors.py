"""The one shape of our exceptions: a code that stays, and the facts for a sentence about it."""

import re
from collections.abc import Iterable
from typing import ClassVar

_NEXT_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class CodedError(Exception):
    """Something can't be done: *code* says what, *params* with which order, amount or file.

    The code is the class's name in snake_case: ``RefundTooLarge`` carries ``refund_too_large``. A
    class with several reasons names them in ``codes``, and each raise gives its own. No sentence is
    here: a page, a mail and the command line have theirs where they are shown; a log has ``str``.
    """

    code: str = "coded_error"
    codes: ClassVar[Iterable[str]] = ("coded_error",)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "codes" not in vars(cls):
            cls.code = _NEXT_WORD.sub("_", cls.__name__).lower()
            cls.codes = (cls.code,)

    def __init__(self, code: str = "", /, **params: object) -> None:
        super().__init__(*([code] if code else []))
        if code:
            self.code = str(code)
        self.params = params

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value}" for name, value in self.params.items() if value != "")
        return f"{self.code}: {facts}" if facts else self.code
