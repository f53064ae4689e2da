"""Hosts of the links in a comment."""

import re

# First group: the host after a scheme or `www.`, as in `https://shop.example`. Second group: a host that only a slash
# identifies, as in `shop.example/sale`. The numbers are the limits of host names and their labels.
_HOST = re.compile(
    r"(?:https?://|www\.)([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)|\b([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,3})/",
    re.IGNORECASE,
)


def find_hosts(text: str) -> tuple[str, ...]:
    """Return the hosts of the links in a text, in order, without duplicates, in lowercase and without `www.`."""
    hosts = ((match.group(1) or match.group(2)).lower().removeprefix("www.") for match in _HOST.finditer(text))
    return tuple(dict.fromkeys(hosts))
