"""The status bar's message: what the last action did, passed to the next page in its address."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What a page reports about the action that led to it; every field is text, and empty if there is nothing to say.

    `done` names the action: an outcome, `escalate`, `undone`, `returned`, `pinned` or `saved`. `action` is the id under
    which it can be undone, and `previous` the comment that it was about. A bulk action has `count` comments decided and
    `unchanged` comments left as they were. `ended` says that the queue has no further comment.
    """

    done: str = ""
    action: Annotated[str, Query(pattern="^[0-9]{0,18}$")] = ""
    previous: str = ""
    count: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = ""
    unchanged: Annotated[str, Query(pattern="^[0-9]{0,6}$")] = ""
    ended: str = ""

    def as_query(self) -> dict[str, str]:
        """Return the fields that are not empty, for an address."""
        return {name: value for name, value in asdict(self).items() if value}


# FastAPI reads the query into the fields of the dataclass.
CurrentStatus = Annotated[Status, Depends()]
