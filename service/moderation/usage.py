"""Usage: what a site has sent in a month, for clients that ask what they have used of their plan."""

from datetime import datetime

from service.domain.errors import BodyInvalid
from service.domain.rights import Caller
from service.moderation.desk import Desk
from service.store import sites
from service.store.usage import Usage, count_usage

_DECEMBER = 12


def read_usage(desk: Desk, caller: Caller, *, month: str = "") -> tuple[str, str, Usage]:
    """The month (`2026-11`; this one unless given), the site's name, and its counts. Raises BodyInvalid."""
    now = desk.clock()
    since = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if month:
        since = _read_month(month, since)
    is_december = since.month == _DECEMBER
    before = since.replace(year=since.year + is_december, month=1 if is_december else since.month + 1)
    with desk.database.reading() as connection:
        site = sites.find_site(connection, caller.site)
        counts = count_usage(connection, site=caller.site, since=since, before=before)
    return f"{since:%Y-%m}", site.name if site else caller.site, counts


def _read_month(month: str, pattern: datetime) -> datetime:
    year, _, number = month.partition("-")
    try:
        return pattern.replace(year=int(year), month=int(number))
    except ValueError:
        raise BodyInvalid("A month is written 2026-11.", field="month") from None
