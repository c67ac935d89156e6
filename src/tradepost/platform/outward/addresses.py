"""Which addresses may be called that somebody from outside has named.

Names are resolved once, every answer is judged, and the one that was judged is dialled, so that a
name cannot say one thing to the check and another to the call (DNS rebinding). What version 6 can
wrap around an address of version 4 is taken off first: ``ipaddress`` calls 64:ff9b::7f00:1, which
a translator turns into 127.0.0.1, a global address.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], list[str]]
_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
_COMPATIBLE: Final = IPv6Network("::/96")
_SITE_LOCAL: Final = IPv6Network("fec0::/10")
_NUMBER: Final = re.compile(r"(0[xX][0-9a-fA-F]*|[0-9]+)")
RESOLVE_S_MAX = 3.0


class NotReachable(Exception):
    """A name that stands for no address, or for one that may not be called; it never says which."""


@dataclass(frozen=True, slots=True)
class Reach:
    """What may be called: public addresses only, or ``any_address``; and at which ports."""

    ports: frozenset[int]
    any_address: bool = False
    resolve: Resolve | None = None
    """Stands in for the system's resolver."""

    async def dialled(self, host: str, port: int) -> str:
        """The one address to dial for a name and a port.

        :raises NotReachable: if the port is not allowed, the name unknown, or any of the
            addresses that it stands for may not be called.
        """
        if port not in self.ports or is_odd_number(host):
            raise NotReachable
        found = await self._resolved(host, port)
        if not found or not (self.any_address or all(map(is_public, found))):
            raise NotReachable
        return str(found[0])

    async def _resolved(self, host: str, port: int) -> list[Address]:
        resolve = self.resolve or _by_system
        try:
            async with asyncio.timeout(RESOLVE_S_MAX):
                texts = await asyncio.to_thread(resolve, host, port)
            return [ip_address(text.partition("%")[0]) for text in texts]
        except (OSError, UnicodeError, ValueError, TimeoutError) as error:
            raise NotReachable from error


def is_public(address: Address) -> bool:
    """Whether an address, and each one that may be wrapped in it, is everybody's to call."""
    return all(_is_public(one) for one in _unwrapped(address))


def is_odd_number(host: str) -> bool:
    """Whether a host is a number in a spelling that only resolvers understand.

    127.1, 2130706433, 0x7f000001 and 017700000001 are all 127.0.0.1 to them; people write four
    decimal parts or a name.
    """
    if _is_plain(host):
        return False
    last = host.rstrip(".").rpartition(".")[2]
    return bool(_NUMBER.fullmatch(last))


def _is_plain(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: Address) -> bool:
    inside = (
        not address.is_global
        or address.is_multicast
        or address.is_reserved
        or address.is_unspecified
        or address.is_link_local
    )
    return not inside and not (isinstance(address, IPv6Address) and address in _SITE_LOCAL)


def _unwrapped(address: Address) -> Iterator[Address]:
    """The address, or what it carries inside: mapped, 6to4, Teredo, NAT64, v4-compatible."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if any(address in net for net in _NAT64) or address in _COMPATIBLE:
        yield IPv4Address(int(address) & 0xFFFF_FFFF)


def _by_system(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(place[4][0]) for place in found]
