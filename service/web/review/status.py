"""The status bar's message: what the last action did, passed to the next page in its address."""

from dataclasses import asdict, dataclass
from typing import Annotated

from fastapi import Depends, Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The result of the last action, for the next page. Every field is text, and empty if it does not apply.

    `done` names the action: an outcome, `escalate`, `undone`, `returned`, `pinned` or `saved`. `action` is its id,
    for the undo button, and `previous` the id of its comment. A bulk action has `count` comments decided and
    `unchanged` comments left as they were. `ended` is set if the queue has no further comment.
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
