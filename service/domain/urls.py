"""Pages of the web: when two addresses mean the same page, so that an article is found by what a client calls it."""

import hashlib
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from service.domain.text_validation import blank_controls

MAX_URL_CHARS = 2_000
_DEFAULT_PORTS = {("http", 80), ("https", 443)}

# They say where a reader came from or which comment to show, never which page it is.
_PASSING = frozenset({"commentid", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "_ga", "ref"})
_PASSING_PREFIX = "utm_"


def canonical_address(address: str) -> str | None:
    """One spelling for all addresses of a page; None for what is no address.

    The scheme, `www.`, the case of the host, a slash at the end, the fragment, and parameters that only say where a
    reader came from make no other page. Other parameters do: many systems have the article's number there.
    """
    # A control or half a character is in no address, and no database would even look for one.
    if len(address) > MAX_URL_CHARS or blank_controls(address) != address:
        return None
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    query = urlencode(sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _passes(pair[0])))
    place = host if port is None or (parts.scheme, port) in _DEFAULT_PORTS else f"{host}:{port}"
    path = quote(unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/"), safe="/:@!$&'()*+,;=~-._")
    return f"{place}{path}{'?' + query if query else ''}"


def page_id(address: str) -> str | None:
    """The id of an article that nobody has given one: the same for every address of its page."""
    canonical = canonical_address(address)
    return f"page-{hashlib.sha256(canonical.encode()).hexdigest()[:32]}" if canonical else None


def spellings(address: str) -> tuple[str, ...]:
    """The address as it was given and in the usual other ways, for looking up what somebody else has written down."""
    canonical = canonical_address(address)
    if canonical is None:
        return (address,)
    place, _, query = canonical.partition("?")
    ends = [f"{place}{slash}{'?' + query if query else ''}" for slash in ("", "/")]
    starts = [f"{scheme}://{www}" for scheme in ("https", "http") for www in ("", "www.")]
    return (address, *(start + end for start in starts for end in ends))


def _passes(name: str) -> bool:
    return name.lower() in _PASSING or name.lower().startswith(_PASSING_PREFIX)
