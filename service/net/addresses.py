"""Which addresses webhooks may reach: those of the public internet, and hosts that the operator allows."""

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
"""Host and port to addresses; raises OSError where there are none."""

_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
# Within 2000::/3, what is special or carries an IPv4 address: Teredo and its neighbours, documentation, 6to4.
_SPECIAL_IPV6 = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# Special uses that Python counts as global in part: protocol assignments, and the relays of 6to4.
_SPECIAL_IPV4 = tuple(map(ipaddress.ip_network, ("192.0.0.0/24", "192.88.99.0/24")))


def resolve_host(host: str, port: int) -> list[str]:
    """The host's addresses as the system resolves them; raises OSError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("The name cannot be one of a host.") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    For IPv6 the public range is listed and not the private ones: what is not known to be safe, such as mapped
    IPv4 (`::ffff:…`) and NAT64 (`64:ff9b::…`), is refused.
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
    """Says yes or no to an address, once when an endpoint is made and again at every connection."""

    allowed_hosts: frozenset[str]
    resolve: Resolver = resolve_host

    def check_url(self, url: str) -> None:
        """Raises EndpointRefused, saying why, for an address that webhooks may not be sent to."""
        parsed = self.read_url(url)
        # A host that is not found now may be later; every connection asks again.
        with contextlib.suppress(OSError):
            self.find_addresses(parsed.host, parsed.port or HTTPS_PORT)

    def read_url(self, url: str) -> httpx.URL:
        """The address in its parts, its host not yet looked up; raises EndpointRefused."""
        parsed = _parse(url)
        if parsed.scheme != "https" and not self.allows(parsed.host):
            raise EndpointRefused("The address must begin with https://.", field="url")
        return parsed

    def find_addresses(self, host: str, port: int) -> list[str]:
        """Where to connect to for this host; raises OSError if there is no such host, or EndpointRefused.

        One private address among public ones is enough to refuse: a name may list both to slip through.
        """
        addresses = self.resolve(host, port)
        if not self.allows(host) and not all(map(is_public, addresses)):
            raise EndpointRefused("The host has an address that is not of the public internet.", field="url")
        return addresses

    def allows(self, host: str) -> bool:
        """Whether the operator has allowed this host whatever its addresses are."""
        return _plain(host) in self.allowed_hosts


def make_address_guard(allowed_hosts: Iterable[str]) -> AddressGuard:
    """A guard for the hosts of the setting."""
    return AddressGuard(allowed_hosts=frozenset(map(_plain, allowed_hosts)))


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        raise EndpointRefused("This is not an address of the web.", field="url") from None
    if parsed.scheme not in {"http", "https"} or not parsed.host or len(url) > MAX_URL_CHARS:
        raise EndpointRefused("This is not an address of the web.", field="url")
    if parsed.userinfo or parsed.fragment:
        raise EndpointRefused("The address may hold neither a password nor a fragment.", field="url")
    return parsed
