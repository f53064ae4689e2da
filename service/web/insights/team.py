"""The team page, and blind second reviews: a second moderator decides without seeing the first decision."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response

from service.dependencies import RuntimeDep
from service.domain.errors import BodyInvalid, DomainError
from service.domain.identifiers import MAX_ROW_ID
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import REASON_LABELS, RejectReason
from service.moderation.access.sessions import SignedIn
from service.moderation.insights import team
from service.moderation.insights.team import DAYS, PERIOD
from service.moderation.review import second_reviews
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUser, CurrentUserWithCsrf
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

After = Annotated[int, Query(ge=0, lt=MAX_ROW_ID)]
"""The id of a second review. The page shows the next one with a larger id."""


@router.get("/team")
def show_team(request: Request, runtime: RuntimeDep, user: CurrentUser) -> Response:
    """Show agreement, decisions by day, and overruled machine decisions. No figure is about a single person."""
    _, pending = second_reviews.find_second_review(runtime, user.caller)
    return render(
        request,
        "team.html",
        user=user,
        team=team.read_team(runtime, user.caller),
        pending=pending,
        days_shown=DAYS,
        window_days=PERIOD.days,
        second_review_share=runtime.settings.second_review_share,
    )


@router.get("/team/second-reviews")
def show_second_review(
    request: Request, runtime: RuntimeDep, user: CurrentUser, after: After = 0, done: str = ""
) -> Response:
    """Show the next comment to review a second time."""
    return _render(request, runtime, user, after=after, saved=bool(done))


@router.post("/team/second-reviews")
def give_second_review(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUserWithCsrf,
    number: Annotated[int, Form(ge=1, lt=MAX_ROW_ID)],
    outcome: Annotated[Outcome, Form()],
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
) -> Response:
    """Save the second decision and go on to the next comment."""
    try:
        second_reviews.give_second_review(runtime, user.caller, number=number, outcome=outcome, reason=reason or None)
    except BodyInvalid as failure:
        # The next review after `number - 1` is the same one again.
        return _render(request, runtime, user, after=number - 1, failure=failure)
    return go_to("/team/second-reviews?done=1")


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    *,
    after: int,
    saved: bool = False,
    failure: DomainError | None = None,
) -> Response:
    review, pending = second_reviews.find_second_review(runtime, user.caller, after=after)
    return render(
        request,
        "second_review.html",
        status_code=failure.status if failure else HTTPStatus.OK,
        user=user,
        review=review,
        pending=pending,
        reasons=REASON_LABELS,
        saved=saved,
        failure=failure,
    )
