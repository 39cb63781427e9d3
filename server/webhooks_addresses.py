"""Where a webhook may go: public addresses alone, unless the operator's setting says otherwise.

A firm chooses the address and the operator's machine calls it: without this, a firm could make it call the
operator's own network. A name is looked up once, every address that it stands for is judged, and the call
goes to the judged one: a name that answers differently the second time gains nothing. Redirections are not
followed.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

URL_CHARACTERS_MAX: Final = 500
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_TRANSLATED: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
_TRANSLATED_LOCAL: Final = ipaddress.ip_network("64:ff9b:1::/48")


class AddressRefused(ValueError):
    """No address that may be called; the text says what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address to call. `ip`: the judged one; `host` is what the certificate has to name."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str

    @property
    def url(self) -> str:
        """The judged address as a URL."""
        place = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{self.scheme}://{place}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """What the request names as its host."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return name if self.port == usual else f"{name}:{self.port}"


def check_url(url: str, *, private: bool) -> None:
    """What can be said without looking a name up. Raise AddressRefused."""
    _parts(url, private=private)


def _parts(url: str, *, private: bool) -> tuple[str, str, int, str]:
    if len(url) > URL_CHARACTERS_MAX or any(ord(one) <= 32 or ord(one) == 127 for one in url):
        raise AddressRefused(f"url: expected at most {URL_CHARACTERS_MAX} characters without spaces")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused("url: expected such as https://example.org/vigie") from None
    schemes = ("https", "http") if private else ("https",)
    if parts.scheme not in schemes or not parts.hostname:
        raise AddressRefused(f"url: expected {' or '.join(f'{one}://' for one in schemes)} and a host")
    if parts.username or parts.password or parts.fragment:
        raise AddressRefused("url: expected neither a user, nor a password, nor a fragment")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not private and _literal(parts.hostname) is not None and not public(_literal(parts.hostname)):
        raise AddressRefused("url: found a private address, expected a public one")
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80), path


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def public(address: Address | None) -> bool:
    """Whether it is a machine on the public network, whatever it is wrapped in."""
    if address is None:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED_LOCAL or address.teredo is not None:
            return False
        if inner is None and address in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return public(inner)
        if int(address) >> 32 == 0:  # ::a.b.c.d, IPv4-compatible
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


async def find(url: str, *, private: bool) -> Target:
    """Look the name up and judge all its addresses. Raise AddressRefused; OSError: no such name."""
    scheme, host, port, path = _parts(url, private=private)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not addresses:
        raise OSError("no address")
    if not private and not all(public(ipaddress.ip_address(one)) for one in addresses):
        raise AddressRefused("url: found a private address, expected a public one")
    return Target(scheme, host, port, path, addresses[0])
