"""Protection against server-side request forgery: requests reach only the public internet and allowed hosts."""

import contextlib
import ipaddress
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

import httpx

from service.domain.errors import EndpointRefused

MAX_URL_CHARS = 2000
HTTPS_PORT = 443
_IPV6 = 6

Resolver: TypeAlias = Callable[[str, int], list[str]]
"""Takes a host and a port, and returns IP addresses. Raises OSError if there are none."""

_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# Special ranges within 2000::/3, or ranges that carry an IPv4 address: protocol assignments with Teredo (RFC 2928,
# RFC 4380), documentation (RFC 3849, RFC 9637) and 6to4 (RFC 3056).
_SPECIAL_IPV6 = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# Special ranges of which Python counts a part as global: protocol assignments (RFC 6890), 6to4 relays (RFC 7526).
_SPECIAL_IPV4 = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")))


def resolve_host(host: str, port: int) -> list[str]:
    """Return the host's IP addresses as the system resolves them. Raises OSError."""
    try:
        entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("This is not a valid host name.") from error
    # The fifth field of an entry is the socket address, which starts with the IP address. Duplicates are removed.
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))


def is_public(address: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    For IPv6 only the public range is accepted. This refuses whatever is not known to be safe, such as mapped IPv4
    (`::ffff:…`) and NAT64 (`64:ff9b::…`).
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if ip.version == _IPV6:
        return ip in _PUBLIC_IPV6 and ip.is_global and not any(ip in network for network in _SPECIAL_IPV6)
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL_IPV4)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressGuard:
    """Checks URLs when they are configured, and IP addresses at every connection: a name may resolve differently then.

    `allowed_hosts` are host names from the settings. They may have private addresses and use plain http.
    """

    allowed_hosts: frozenset[str]
    resolve: Resolver = resolve_host

    def check_url(self, url: str) -> None:
        """Raise EndpointRefused with the reason if requests may not be sent to this URL."""
        parsed = self.read_url(url)
        # A host that is not found now may exist later; every connection resolves it again.
        with contextlib.suppress(OSError):
            self.find_addresses(parsed.host, parsed.port or HTTPS_PORT)

    def read_url(self, url: str) -> httpx.URL:
        """Parse the URL without resolving its host. Raises EndpointRefused."""
        parsed = _parse(url)
        if parsed.scheme != "https" and not self.allows(parsed.host):
            raise EndpointRefused("The URL must start with https://.", field="url")
        return parsed

    def find_addresses(self, host: str, port: int) -> list[str]:
        """Return the IP addresses of a host. Raises OSError if there is no such host, or EndpointRefused.

        One private address among public ones is refused too: an attacker's name may list both.
        """
        addresses = self.resolve(host, port)
        if not self.allows(host) and not all(map(is_public, addresses)):
            raise EndpointRefused("The host has an address outside the public internet.", field="url")
        return addresses

    def allows(self, host: str) -> bool:
        """Return whether the host is in `allowed_hosts`. Its IP addresses are then not checked."""
        return _normalise_host(host) in self.allowed_hosts


def make_address_guard(allowed_hosts: Iterable[str]) -> AddressGuard:
    """Return a guard that allows these hosts as well as the public internet."""
    return AddressGuard(allowed_hosts=frozenset(map(_normalise_host, allowed_hosts)))


def _normalise_host(host: str) -> str:
    # "[::1]" becomes "::1", and "Example.org." becomes "example.org".
    return host.strip("[]").rstrip(".").lower()


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise EndpointRefused("This is not a valid web URL.", field="url") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or len(url) > MAX_URL_CHARS:
        raise EndpointRefused("This is not a valid web URL.", field="url")
    if parsed.userinfo or parsed.fragment:
        raise EndpointRefused("The URL may have neither a password nor a fragment.", field="url")
    return parsed
