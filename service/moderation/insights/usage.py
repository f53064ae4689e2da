"""Usage of a site in a month, for clients that ask how much of a plan they have used."""

import re
from datetime import datetime, timedelta

from service.domain.errors import BodyInvalid
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.insights.usage import Usage, count_usage

# Other years cannot have comments.
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")


def read_usage(runtime: Runtime, caller: Caller, *, month: str = "") -> tuple[str, str, Usage]:
    """Return the month in the form `2026-11`, the site's name, and its counts. The default is the current month.

    Raises NotAllowed, BodyInvalid.
    """
    caller.require(Right.COMMENTS)
    now = runtime.clock()
    since = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if month:
        since = _parse_month(month, since)
    # 32 days after the first of a month is a day of the next month.
    before = (since + timedelta(days=32)).replace(day=1)
    with runtime.database.reading() as connection:
        site = sites.find_site(connection, caller.site)
        counts = count_usage(connection, site=caller.site, since=since, before=before)
    return f"{since:%Y-%m}", site.name if site else caller.site, counts


def _parse_month(month: str, first_day: datetime) -> datetime:
    match = _MONTH.fullmatch(month)
    if match is None:
        raise BodyInvalid("A month has the form 2026-11.", field="month")
    return first_day.replace(year=int(match[1]), month=int(match[2]))
