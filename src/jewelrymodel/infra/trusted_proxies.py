"""Who a request comes from: a proxy's word counts only where the operator has named the proxy.

``X-Forwarded-For`` lists a request's way from left to right, each proxy adding the address that it
was called from. Only what our own proxies added is known to be true, so it is read from the right.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

FORWARDING_HEADERS = (
    "Forwarded",
    "Via",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Forwarded-Server",
    "X-Real-IP",
    "X-Original-Host",
    "X-Original-Forwarded-For",
    "CF-Connecting-IP",
    "True-Client-IP",
    "X-Client-IP",
)
"""What proxies add: any one of these shows that a request came through somebody."""


class NotAProxy(ValueError):
    """This is no address of a proxy, nor a network of proxies."""


@dataclass(frozen=True)
class Proxies:
    """The proxies that the operator has named; none unless given."""

    networks: tuple[Network, ...] = ()

    @classmethod
    def named(cls, text: str) -> "Proxies":
        """Return the proxies of a list of addresses and networks (commas or spaces between).

        Raises NotAProxy for anything else, and for a network that holds every address.
        """
        return cls(tuple(_network(word) for word in text.replace(",", " ").split()))

    def __bool__(self) -> bool:
        return bool(self.networks)

    def __contains__(self, address: Address) -> bool:
        return any(address in network for network in self.networks)

    def client(self, *, peer: str, forwarded_for: str) -> str | None:
        """Return the address that a request comes from, None where *peer* has none.

        *peer* called us, *forwarded_for* is its X-Forwarded-For. The last address that one of our
        proxies names and that isn't a proxy of ours itself; behind something that can't be read
        nothing is believed, and the nearest address that is known is returned.
        """
        known = address(peer)
        if known is None:
            return None
        for hop in reversed(forwarded_for.split(",")):
            if known not in self:
                break
            before = address(hop)
            if before is None:
                break
            known = before
        return str(known)

    def is_secure(self, *, peer: str, forwarded_proto: str) -> bool:
        """Return whether one of our proxies says that it was called over TLS.

        Of several values the last counts: the nearest proxy's own.
        """
        called_from = address(peer)
        if called_from is None or called_from not in self:
            return False
        return forwarded_proto.split(",")[-1].strip().lower() == "https"


def address(text: str) -> Address | None:
    """Return the address in *text*, with or without a port; None where there is none.

    An IPv4 address that IPv6 carries (RFC 4291, 2.5.5.2) is returned as what it is; an interface's
    name (``%eth0``) is left out, it means nothing on another machine.
    """
    word = text.strip().strip('"')
    if word.startswith("["):
        word = word[1:].partition("]")[0]
    elif word.count(":") == 1:
        word = word.partition(":")[0]
    try:
        ip = ip_address(word.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def is_loopback(name: str | None) -> bool:
    """Return whether *name*, a host name or an address, is this machine's own (RFC 6761, 6.3)."""
    if not name:
        return False
    ip = address(name) if ":" not in name else address(f"[{name.strip('[]')}]")
    if ip is not None:
        return ip.is_loopback
    plain = name.lower().rstrip(".")
    return plain == "localhost" or plain.endswith(".localhost")


def _network(word: str) -> Network:
    try:
        network = ip_network(word, strict=False)
    except ValueError:
        raise NotAProxy(f"{word!r} is neither an address nor a network") from None
    if network.prefixlen == 0:
        raise NotAProxy(f"{word} would believe everybody")
    return network
