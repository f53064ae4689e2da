"""Preferences: how one person's browser shows the pages, kept in a cookie so that a page needs no script to obey."""

from dataclasses import asdict, dataclass, fields
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

COOKIE = "commentdesk-look"
YEAR_SECONDS = 365 * 24 * 3600

CHOICES = {
    "theme": ("system", "light", "dark"),
    "size": ("small", "normal", "large", "larger"),
    "motion": ("system", "none"),
    "blur": ("off", "on"),
    "keys": ("on", "off"),
}
"""What can be chosen, the first or `normal` being what nobody chose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Each one of its CHOICES. `blur` hides slurs and threats until a key is held; `keys` are the single-key commands,
    which WCAG 2.1.4 wants to be switched off by those who speak to their computer.
    """

    theme: str = "system"
    size: str = "normal"
    motion: str = "system"
    blur: str = "off"
    keys: str = "on"


def make_preferences(**chosen: str) -> Preferences:
    """Preferences from whatever came; what is no choice is left as nobody chose it."""
    known = {field.name for field in fields(Preferences)}
    return Preferences(**{name: value for name, value in chosen.items() if name in known and value in CHOICES[name]})


def read_preferences(request: Request) -> Preferences:
    """What this browser's cookie says."""
    return make_preferences(**dict(parse_qsl(request.cookies.get(COOKIE, ""))))


def keep_preferences(response: Response, preferences: Preferences, *, secure: bool) -> None:
    """Has the browser remember them for a year; no secret, and no script needs to read it."""
    response.set_cookie(
        COOKIE,
        urlencode(asdict(preferences)),
        max_age=YEAR_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
