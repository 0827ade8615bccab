"""The shop of the payments tests: a running sandbox, registered terms, somebody who buys."""

from tests.integration.payments.conftest import letter_box, running, sandbox, seller, terms

__all__ = ["letter_box", "running", "sandbox", "seller", "terms"]
