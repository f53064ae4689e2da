"""The types of fields that several schemas share, and the base class of everything that clients send."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from service.domain.identifiers import ID_PATTERN, LINE_PATTERN, MAX_ROW_ID, is_identifier

_FIRST_YEAR, _LAST_YEAR = 1900, 9000


def refuse_dots(value: str) -> str:
    """Refuse `.` and `..`, which mean a folder in a URL."""
    if not is_identifier(value):
        raise ValueError("An id must not consist of dots only.")
    return value


def to_utc(value: datetime) -> datetime:
    """Return the time in UTC; refuse times that cannot be converted or added to."""
    try:
        utc = value.astimezone(UTC)
    except OverflowError:
        utc = datetime.max.replace(tzinfo=UTC)
    if not _FIRST_YEAR <= utc.year <= _LAST_YEAR:
        raise ValueError(f"The year must be between {_FIRST_YEAR} and {_LAST_YEAR}.")
    return utc


Identifier = Annotated[str, StringConstraints(pattern=ID_PATTERN), AfterValidator(refuse_dots)]
Line = Annotated[str, StringConstraints(pattern=LINE_PATTERN)]
"""Text without line breaks and control characters."""
UtcTime = Annotated[AwareDatetime, AfterValidator(to_utc)]
RowId = Annotated[int, Field(ge=0, lt=MAX_ROW_ID)]
"""An id that the database assigned; larger numbers would not fit into its column."""
Probability = Annotated[float, Field(ge=0, le=1)]


class Incoming(BaseModel):
    """What clients send; unknown fields are errors."""

    model_config = ConfigDict(extra="forbid")
