"""The team's page, and the page on which a second person reads what somebody else has decided, blind."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request, Response

from service.domain.errors import BodyInvalid, DomainError
from service.domain.identifiers import MAX_ROWS
from service.domain.policy.rules import Outcome
from service.domain.reasons import REASON_LABELS, RejectReason
from service.moderation.access.sessions import SignedIn
from service.moderation.insights import team
from service.moderation.insights.team import DAYS, LOOKS_BACK
from service.moderation.review import second_reviews
from service.moderation.runtime import Runtime
from service.web.access.auth import CurrentUserWithCsrf, RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

After = Annotated[int, Query(ge=0, lt=MAX_ROWS)]


@router.get("/team")
def show_team(request: Request, runtime: RuntimeDep, user: User) -> Response:
    """Agreement, throughput and overruling; no name but the reader's own."""
    _, waiting = second_reviews.find_second_review(runtime, user.caller)
    return render(
        request,
        "team.html",
        user=user,
        team=team.read_team(runtime, user.caller),
        waiting=waiting,
        days=DAYS,
        looks_back=LOOKS_BACK.days,
        share=runtime.settings.second_review_share,
    )


@router.get("/team/second-reviews")
def show_second_review(request: Request, runtime: RuntimeDep, user: User, after: After = 0, done: str = "") -> Response:
    """The next comment to read a second time."""
    return _render(request, runtime, user, after=after, done=bool(done))


@router.post("/team/second-reviews")
def give_second_review(
    request: Request,
    runtime: RuntimeDep,
    sender: CurrentUserWithCsrf,
    number: Annotated[int, Form(ge=1, lt=MAX_ROWS)],
    outcome: Annotated[Outcome, Form()],
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
) -> Response:
    """Writes the second word down and goes on to the next."""
    try:
        second_reviews.give_second_review(runtime, sender.caller, number=number, outcome=outcome, reason=reason or None)
    except BodyInvalid as failure:
        return _render(request, runtime, sender, after=number - 1, failure=failure)
    return go_to("/team/second-reviews?done=1")


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    *,
    after: int,
    done: bool = False,
    failure: DomainError | None = None,
) -> Response:
    review, waiting = second_reviews.find_second_review(runtime, user.caller, after=after)
    return render(
        request,
        "second_review.html",
        status=failure.status if failure else HTTPStatus.OK,
        user=user,
        review=review,
        waiting=waiting,
        reasons=REASON_LABELS,
        done=done,
        failure=failure,
    )
