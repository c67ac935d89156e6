"""Whose address a request came from, believed only as far as our own proxies reach."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

UNKNOWN = "unknown"
_IPV6_PREFIX_BITS = 64


def client_address(peer: str | None, forwarded: Sequence[str], trusted_proxies: int) -> str:
    """The address of the client: the nth from the right, counted from the socket's peer.

    ``forwarded`` holds the X-Forwarded-For headers in their order. With no trusted proxy they are
    not looked at; a shorter chain than we have proxies is answered with its first member.
    """
    chain = [part.strip() for value in forwarded for part in value.split(",")]
    hops = [*chain, peer or UNKNOWN][::-1]
    return _bare(hops[min(trusted_proxies, len(hops) - 1)])


@lru_cache(maxsize=10_000)
def bucket_of(address: str) -> str:
    """What stands for an address in limits: itself, or the /64 of an IPv6 address."""
    try:
        found = ip_address(address)
    except ValueError:
        return UNKNOWN
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        shift = 128 - _IPV6_PREFIX_BITS
        return f"{IPv6Address(int(found) >> shift << shift)}/{_IPV6_PREFIX_BITS}"
    return str(found)


@lru_cache(maxsize=10_000)
def bucket_of_client(peer: str | None, forwarded: tuple[str, ...], trusted_proxies: int) -> str:
    """What stands for a client in limits; remembered, since most ask again."""
    return bucket_of(client_address(peer, forwarded, trusted_proxies))


@lru_cache(maxsize=10_000)
def _bare(text: str) -> str:
    """An address without port, brackets and zone; ``unknown`` for what is none."""
    text = text.strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ip_address(text.partition("%")[0]))
    except ValueError:
        return UNKNOWN
