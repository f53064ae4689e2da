"""Fetching of web pages: only on hosts that the operator lists, and only if their robots.txt allows it."""

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
"""The name under which a robots.txt may have rules for us."""

ROBOTS_SECONDS = 3_600
_HTML = frozenset({"text/html", "application/xhtml+xml"})


def is_on_hosts(address: str, hosts: Iterable[str]) -> bool:
    """Return whether a URL is a valid web URL on one of these hosts, subdomains excluded."""
    guard = make_address_guard(hosts)
    try:
        return guard.allows(guard.read_url(_without_fragment(address)).host)
    except EndpointRefused:
        return False


class PageFetcher:
    """Fetches HTML pages within the limits of a `Fetcher`; caches each host's robots.txt for an hour."""

    def __init__(self, fetcher: Fetcher, *, guard: AddressGuard, hosts: Iterable[str]) -> None:
        """`guard` must be the fetcher's own. Where it requires https, an http URL is changed to https."""
        self._fetcher = fetcher
        self._guard = guard
        self._hosts = tuple(hosts)
        # By URL of the robots.txt: the time of the fetch, and the rules.
        self._robots: dict[str, tuple[float, Protego]] = {}

    def fetch(self, address: str) -> Fetched:
        """Fetch a page. Raises FetchFailed, also if a redirect leaves the hosts or the page is not HTML."""
        page = self._fetcher.fetch(self._prefer_https(address), check=self._check_url)
        if page.status != HTTPStatus.OK:
            raise FetchFailed(f"status {page.status}")
        if page.headers.get("content-type", "").partition(";")[0].strip().lower() not in _HTML:
            raise FetchFailed("not HTML")
        return page

    def _prefer_https(self, address: str) -> str:
        address = _without_fragment(address)
        if address.startswith("http://") and not self._guard.allows(httpx.URL(address).host):
            return address.replace("http://", "https://", 1)
        return address

    def _check_url(self, url: str) -> None:
        self._check_host(url)
        if not self._find_robots(url).can_fetch(url, USER_AGENT_NAME):
            raise FetchFailed("forbidden by robots.txt")

    def _check_host(self, url: str) -> None:
        if not is_on_hosts(url, self._hosts):
            raise FetchFailed("on a host that is not listed")

    def _find_robots(self, url: str) -> Protego:
        robots_url = str(httpx.URL(url).copy_with(raw_path=b"/robots.txt"))
        fetched_at, robots = self._robots.get(robots_url, (0.0, None))
        if robots is None or time.monotonic() - fetched_at > ROBOTS_SECONDS:
            robots = _read_robots(self._fetcher.fetch(robots_url, check=self._check_host))
            self._robots[robots_url] = (time.monotonic(), robots)
        return robots


def _read_robots(response: Fetched) -> Protego:
    """Return the rules of a robots.txt (RFC 9309).

    If the file does not exist, everything is allowed. Raises FetchFailed while the host has an outage.
    """
    from protego import Protego  # an optional package, needed only for fetching pages

    if response.status == HTTPStatus.OK:
        return Protego.parse(response.content.decode("utf-8", "replace"))
    if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise FetchFailed(f"robots.txt: status {response.status}")
    return Protego.parse("")


def _without_fragment(address: str) -> str:
    return address.partition("#")[0]
