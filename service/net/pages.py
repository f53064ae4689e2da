"""Pages of the hosts that the operator has named, fetched as robots.txt allows; what they say is read elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from service.domain.errors import EndpointRefused
from service.net.addresses import AddressGuard, make_address_guard
from service.net.fetching import Fetched, Fetcher, FetchFailed

if TYPE_CHECKING:
    from protego import Protego

USER_AGENT_NAME = "Commentdesk"
"""What robots.txt calls us."""

ROBOTS_SECONDS = 3_600
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def is_on_hosts(address: str, hosts: Iterable[str]) -> bool:
    """Whether an address is one of the web and on one of these very hosts."""
    listed = make_address_guard(hosts)
    try:
        return listed.allows(listed.read_url(_without_fragment(address)).host)
    except EndpointRefused:
        return False


class PageFetcher:
    """Fetches HTML pages, each through every limit of `fetcher`; remembers robots.txt for an hour."""

    def __init__(self, fetcher: Fetcher, *, guard: AddressGuard, hosts: Iterable[str]) -> None:
        """`guard` is the fetcher's own: where it wants https, http addresses are asked for by https."""
        self._fetcher = fetcher
        self._guard = guard
        self._hosts = tuple(hosts)
        self._robots: dict[str, tuple[float, Protego]] = {}

    def fetch(self, address: str) -> Fetched:
        """The page at an address; raises FetchFailed, also where a redirect leaves the hosts or it is not HTML."""
        found = self._fetcher.fetch(self._secure(address), check=self._check)
        if found.status != HTTPStatus.OK:
            raise FetchFailed(f"status {found.status}")
        if found.headers.get("content-type", "").partition(";")[0].strip().lower() not in _HTML:
            raise FetchFailed("not HTML")
        return found

    def _secure(self, address: str) -> str:
        address = _without_fragment(address)
        if address.startswith("http://") and not self._guard.allows(httpx.URL(address).host):
            return address.replace("http://", "https://", 1)
        return address

    def _check(self, url: str) -> None:
        self._check_host(url)
        if not self._find_robots(url).can_fetch(url, USER_AGENT_NAME):
            raise FetchFailed("forbidden by robots.txt")

    def _check_host(self, url: str) -> None:
        if not is_on_hosts(url, self._hosts):
            raise FetchFailed("on a host that is not listed")

    def _find_robots(self, url: str) -> Protego:
        place = str(httpx.URL(url).copy_with(raw_path=b"/robots.txt"))
        read_at, robots = self._robots.get(place, (0.0, None))
        if robots is None or time.monotonic() - read_at > ROBOTS_SECONDS:
            robots = _read_robots(self._fetcher.fetch(place, check=self._check_host))
            self._robots[place] = (time.monotonic(), robots)
        return robots


def _read_robots(found: Fetched) -> Protego:
    """What is allowed (RFC 9309): everything where there is no such file, nothing while the host cannot say."""
    from protego import Protego  # noqa: PLC0415  an extra, which only those who fetch have

    if found.status == HTTPStatus.OK:
        return Protego.parse(found.content.decode("utf-8", "replace"))
    if found.status == HTTPStatus.TOO_MANY_REQUESTS or found.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise FetchFailed(f"robots.txt: status {found.status}")
    return Protego.parse("")


def _without_fragment(address: str) -> str:
    return address.partition("#")[0]
