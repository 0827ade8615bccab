"""Whose word about a caller counts."""

import pytest

from jewelrymodel.infra.trusted_proxies import NotAProxy, Proxies, is_loopback

OURS = Proxies.named("127.0.0.1, 10.0.0.2 2001:db8:a::/64")


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("203.0.113.9", "203.0.113.7", "203.0.113.9"),  # no proxy of ours: its word counts nothing
        ("127.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # the client wrote the first
        ("127.0.0.1", "203.0.113.7, 10.0.0.2", "203.0.113.7"),  # through two of ours
        ("127.0.0.1", "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("127.0.0.1", "10.0.0.2", "10.0.0.2"),  # one of ours asks for itself
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7:41000", "203.0.113.7"),
        ("127.0.0.1", "[2001:db8::7]:41000", "2001:db8::7"),
        ("127.0.0.1", "2001:DB8::7", "2001:db8::7"),
        ("2001:db8:a::1", "2001:db8:b::9", "2001:db8:b::9"),
        ("::ffff:127.0.0.1", "::ffff:203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7, _hidden", "127.0.0.1"),  # nothing behind it is believed
        ("127.0.0.1", "203.0.113.7, ' OR 1=1, 10.0.0.2", "10.0.0.2"),
        ("127.0.0.1", "203.0.113.7,", "127.0.0.1"),
        ("127.0.0.1", "999.1.1.1", "127.0.0.1"),
        ("", "203.0.113.7", None),
        ("unix:", "203.0.113.7", None),
    ],
)
def test_the_last_address_that_a_proxy_of_ours_names(
    peer: str, forwarded_for: str, client: str | None
) -> None:
    assert OURS.client(peer=peer, forwarded_for=forwarded_for) == client


def test_without_a_named_proxy_nobodys_word_counts() -> None:
    nobody = Proxies()
    assert nobody.client(peer="127.0.0.1", forwarded_for="203.0.113.7") == "127.0.0.1"
    assert not nobody.is_secure(peer="127.0.0.1", forwarded_proto="https")


@pytest.mark.parametrize(
    ("peer", "said", "secure"),
    [
        ("127.0.0.1", "https", True),
        ("127.0.0.1", "HTTPS ", True),
        ("127.0.0.1", "http, https", True),
        ("127.0.0.1", "https, http", False),
        ("127.0.0.1", "", False),
        ("127.0.0.1", "httpss", False),
        ("203.0.113.9", "https", False),
        ("", "https", False),
    ],
)
def test_tls_is_what_the_nearest_proxy_of_ours_says(peer: str, said: str, secure: bool) -> None:
    assert OURS.is_secure(peer=peer, forwarded_proto=said) is secure


@pytest.mark.parametrize("text", ["*", "0.0.0.0/0", "::/0", "proxy.example", "1", "10.0.0.2/40"])
def test_what_names_no_proxy_is_refused(text: str) -> None:
    with pytest.raises(NotAProxy):
        Proxies.named(text)


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("localhost", True),
        ("LOCALHOST.", True),
        ("shop.localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.10", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("127.0.0.1.nip.example", False),
        ("localhost.example", False),
        ("notlocalhost", False),
        ("0.0.0.0", False),  # noqa: S104  nothing is bound
        ("::", False),
        ("192.168.1.4", False),
        ("", False),
        (None, False),
    ],
)
def test_what_is_this_machines_own(name: str | None, ours: bool) -> None:
    assert is_loopback(name) is ours
