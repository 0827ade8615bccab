"""Which network an address belongs to: what a household, an office or a host has in common."""

from ipaddress import IPv6Address, ip_address, ip_network

_IPV4_BITS, _IPV6_BITS = 24, 48
UNKNOWN = "unknown"


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 address, the /48 of an IPv6 one; UNKNOWN for what is neither.

    An IPv4 address that IPv6 carries (RFC 4291, 2.5.5.2) counts as what it is.
    """
    try:
        known = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(known, IPv6Address):
        if known.ipv4_mapped is None:
            return str(ip_network((int(known), _IPV6_BITS), strict=False))
        known = known.ipv4_mapped
    return str(ip_network((int(known), _IPV4_BITS), strict=False))
