"""Numbers as the pages show them and as forms send them: percentages and ages."""

from datetime import datetime

from service.domain.errors import BodyInvalid

MINUTE, HOUR, DAY = 60, 3_600, 86_400


def format_percent(value: float | None) -> str:
    """Return a share from 0 to 1 in per cent, with at most two decimals; an empty string for None."""
    return "" if value is None else f"{value * 100:.2f}".rstrip("0").rstrip(".")


def parse_percent(text: str, *, field: str) -> float | None:
    """Return the share from 0 to 1 that a form states in per cent, with a point or a comma; None for an empty field.

    Raises BodyInvalid, naming the field.
    """
    if not text:
        return None
    try:
        percent = float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        percent = float("nan")
    # Not written as two comparisons with `or`, because every comparison with "nan" is false.
    if not 0 <= percent <= 100:  # noqa: PLR2004  per cent
        raise BodyInvalid("Enter a number from 0 to 100.", field=field)
    return round(percent / 100, 6)


def age(then: datetime, now: datetime) -> tuple[int, str]:
    """Return how long ago `then` was, as a whole number of `minute`, `hour` or `day`, rounded down.

    A time in the future counts as now: the clocks of two machines differ a little.
    """
    seconds = max(0, int((now - then).total_seconds()))
    if seconds < HOUR:
        return seconds // MINUTE, "minute"
    if seconds < 2 * DAY:
        return seconds // HOUR, "hour"
    return seconds // DAY, "day"
