"""The request data that all review pages and forms share: the runtime, the user, and their position in the queue."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.dependencies import RuntimeDep
from service.moderation.access.sessions import SignedIn
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUser, CurrentUserWithCsrf
from service.web.preferences import read_preferences
from service.web.review.queue_position import CurrentPosition, QueuePosition


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRequest:
    """A request to a review page. `http` is the request as FastAPI passes it."""

    http: Request
    runtime: Runtime
    user: SignedIn
    position: QueuePosition

    @property
    def is_blurring(self) -> bool:
        """Whether this browser hides slurs and threats."""
        return read_preferences(self.http).blur == "on"


def _read_page(request: Request, runtime: RuntimeDep, user: CurrentUser, position: CurrentPosition) -> ReviewRequest:
    return ReviewRequest(http=request, runtime=runtime, user=user, position=position)


def _read_form(
    request: Request, runtime: RuntimeDep, user: CurrentUserWithCsrf, position: CurrentPosition
) -> ReviewRequest:
    return ReviewRequest(http=request, runtime=runtime, user=user, position=position)


# A form also needs the form key of the session (see `check_csrf`). A page does not.
PageRequest = Annotated[ReviewRequest, Depends(_read_page)]
FormRequest = Annotated[ReviewRequest, Depends(_read_form)]
