"""Convert numbers between the code and the pages: percentages and ages."""

from datetime import datetime

from service.domain.errors import BodyInvalid

MINUTE_SECONDS, HOUR_SECONDS, DAY_SECONDS = 60, 3_600, 86_400


def format_percent(value: float | None) -> str:
    """Return a share from 0 to 1 in per cent with at most two decimals, such as "12.5" for 0.125. None becomes ""."""
    return "" if value is None else f"{value * 100:.2f}".rstrip("0").rstrip(".")


def parse_percent(text: str, *, field: str) -> float | None:
    """Return a percentage from a form as a share: 0.125 for "12.5", "12,5" or "12.5%". An empty field becomes None.

    Raises BodyInvalid, naming the field.
    """
    if not text:
        return None
    try:
        percent = float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        percent = float("nan")
    # `not 0 <= nan <= 100` is true, so this also rejects "nan". `percent < 0 or percent > 100` would accept it.
    if not 0 <= percent <= 100:  # noqa: PLR2004  per cent
        raise BodyInvalid("Enter a number from 0 to 100.", field=field)
    return round(percent / 100, 6)


def measure_age(then: datetime, now: datetime) -> tuple[int, str]:
    """Return how long ago `then` was, as a whole number of `minute`, `hour` or `day`, rounded down.

    A time in the future counts as now: the clocks of two machines differ a little.
    """
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < HOUR_SECONDS:
        return seconds // MINUTE_SECONDS, "minute"
    if seconds < 2 * DAY_SECONDS:
        return seconds // HOUR_SECONDS, "hour"
    return seconds // DAY_SECONDS, "day"
