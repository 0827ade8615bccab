"""Which mailbox an email address leads to, where several addresses lead to one."""

_DOTS_MEAN_NOTHING = {"gmail.com", "googlemail.com"}
_ALSO_CALLED = {"googlemail.com": "gmail.com"}


def mailbox_of(email: str) -> str:
    """Return the plainest address of the mailbox that *email* leads to, in lower case.

    A tag behind a plus (RFC 5233) is left out, and so are the dots where the provider ignores them.
    It is for comparing only: another provider may tell such addresses apart.
    """
    name, _, domain = email.strip().casefold().rpartition("@")
    name = name.partition("+")[0] or name
    if domain in _DOTS_MEAN_NOTHING:
        name = name.replace(".", "") or name
    return f"{name}@{_ALSO_CALLED.get(domain, domain)}"
