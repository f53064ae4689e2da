"""Canonical URLs: whether two addresses mean the same page, so that an article is found by any of its addresses."""

import hashlib
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from service.domain.text_validation import blank_control_characters

MAX_URL_CHARS = 2_000
_DEFAULT_PORTS = {("http", 80), ("https", 443)}

# Parameters that say where a reader came from or which comment to show, never which page it is.
_IGNORED = frozenset({"commentid", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "_ga", "ref"})
_IGNORED_PREFIX = "utm_"


def canonical_address(address: str) -> str | None:
    """Return the same spelling for all addresses of a page; None if this is no web address.

    The scheme, `www.`, the case of the host, a final slash, the fragment and tracking parameters make no difference.
    Other parameters do: many systems have the article's number there.
    """
    # Databases cannot be queried for control characters and lone surrogates.
    if len(address) > MAX_URL_CHARS or blank_control_characters(address) != address:
        return None
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").removeprefix("www."), parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    parameters = parse_qsl(parts.query, keep_blank_values=True)
    query = urlencode(sorted(pair for pair in parameters if not _is_ignored(pair[0])))
    authority = host if port is None or (parts.scheme, port) in _DEFAULT_PORTS else f"{host}:{port}"
    path = quote(unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/"), safe="/:@!$&'()*+,;=~-._")
    return f"{authority}{path}{'?' + query if query else ''}"


def page_id(address: str) -> str | None:
    """Return the id of an article whose CMS has sent none: the same for every address of its page."""
    canonical = canonical_address(address)
    return f"page-{hashlib.sha256(canonical.encode()).hexdigest()[:32]}" if canonical else None


def spellings(address: str) -> tuple[str, ...]:
    """Return the address as it is and in its usual other spellings, to look up an article that was stored with one."""
    canonical = canonical_address(address)
    if canonical is None:
        return (address,)
    page, _, query = canonical.partition("?")
    suffixes = [f"{page}{slash}{'?' + query if query else ''}" for slash in ("", "/")]
    prefixes = [f"{scheme}://{www}" for scheme in ("https", "http") for www in ("", "www.")]
    return (address, *(prefix + suffix for prefix in prefixes for suffix in suffixes))


def _is_ignored(name: str) -> bool:
    return name.lower() in _IGNORED or name.lower().startswith(_IGNORED_PREFIX)
