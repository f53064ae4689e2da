"""Display preferences: how one browser shows the pages. A cookie holds them, so that no script is needed."""

from dataclasses import asdict, dataclass, fields
from urllib.parse import parse_qsl, urlencode

from fastapi import Request, Response

COOKIE = "commentdesk-preferences"
YEAR_SECONDS = 365 * 24 * 3600

CHOICES = {
    "theme": ("system", "light", "dark"),
    "size": ("small", "normal", "large", "larger"),
    "motion": ("system", "none"),
    "blur": ("off", "on"),
    "keys": ("on", "off"),
}
"""The values of each preference. The defaults are in `Preferences`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The preferences of one browser. The possible values of each field are in CHOICES.

    `blur` hides slurs and threats until a key is held. `keys` are the single-key commands: WCAG 2.1.4 requires that
    they can be turned off, because speech input may press them by accident.
    """

    theme: str = "system"
    size: str = "normal"
    motion: str = "system"
    blur: str = "off"
    keys: str = "on"


def make_preferences(**chosen: str) -> Preferences:
    """Return preferences from untrusted input. Unknown names and values are ignored, so that the default applies."""
    known = {field.name for field in fields(Preferences)}
    return Preferences(**{name: value for name, value in chosen.items() if name in known and value in CHOICES[name]})


def read_preferences(request: Request) -> Preferences:
    """Return the preferences in the browser's cookie."""
    return make_preferences(**dict(parse_qsl(request.cookies.get(COOKIE, ""))))


def set_preferences(response: Response, preferences: Preferences, *, secure: bool) -> None:
    """Store the preferences in the browser for a year."""
    response.set_cookie(
        COOKIE,
        urlencode(asdict(preferences)),
        max_age=YEAR_SECONDS,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
