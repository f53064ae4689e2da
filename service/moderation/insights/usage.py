"""Usage: what a site has sent in a month, for clients that ask what they have used of their plan."""

import re
from datetime import datetime

from service.domain.errors import BodyInvalid
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.access import sites
from service.store.insights.usage import Usage, count_usage

_DECEMBER = 12
# No comment is older than the web or younger than this software will be.
_MONTH = re.compile(r"((?:19|20)[0-9]{2})-(0[1-9]|1[0-2])")


def read_usage(runtime: Runtime, caller: Caller, *, month: str = "") -> tuple[str, str, Usage]:
    """The month (`2026-11`; this one unless given), the site's name, and its counts.

    Raises NotAllowed for a token that sends no comments there, BodyInvalid.
    """
    caller.require(Right.COMMENTS)
    now = runtime.clock()
    since = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    if month:
        since = _read_month(month, since)
    is_december = since.month == _DECEMBER
    before = since.replace(year=since.year + is_december, month=1 if is_december else since.month + 1)
    with runtime.database.reading() as connection:
        site = sites.find_site(connection, caller.site)
        counts = count_usage(connection, site=caller.site, since=since, before=before)
    return f"{since:%Y-%m}", site.name if site else caller.site, counts


def _read_month(month: str, pattern: datetime) -> datetime:
    found = _MONTH.fullmatch(month)
    if found is None:
        raise BodyInvalid("A month is written 2026-11.", field="month")
    return pattern.replace(year=int(found[1]), month=int(found[2]))
