"""Addresses that lead to one mailbox, and the network that a request comes from."""

import pytest

from jewelrymodel.accounts.mailboxes import mailbox_of
from jewelrymodel.infra.networks import UNKNOWN, network_of


@pytest.mark.parametrize(
    ("email", "mailbox"),
    [
        ("ida@rings.example", "ida@rings.example"),
        (" Ida@Rings.Example ", "ida@rings.example"),
        ("ida+shop+two@rings.example", "ida@rings.example"),
        ("i.da@rings.example", "i.da@rings.example"),
        ("I.D.A+x@gmail.com", "ida@gmail.com"),
        ("ida@googlemail.com", "ida@gmail.com"),
        ("+tag@rings.example", "+tag@rings.example"),
        ("...@gmail.com", "...@gmail.com"),
    ],
)
def test_addresses_of_one_mailbox(email: str, mailbox: str) -> None:
    assert mailbox_of(email) == mailbox


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:7:1::1", "2001:db8:7::/48"),
        ("", UNKNOWN),
        ("unix:", UNKNOWN),
    ],
)
def test_networks(address: str, network: str) -> None:
    assert network_of(address) == network
