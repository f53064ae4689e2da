"""Bulk review: the page shows the number and a sample of a group of comments, and decides all with one form."""

import json
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Response

from service.domain.errors import BodyInvalid, DomainError, TextInvalid
from service.domain.identifiers import is_identifier
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import REASON_LABELS, RejectReason
from service.domain.text_validation import normalise_form_text
from service.moderation.review import undoable_actions
from service.moderation.review.bulk import MAX_BATCH, BulkSelection, Scope, select_for_bulk
from service.moderation.review.verdicts import SeenComment, VerdictInput
from service.web.error_pages import PageRoute
from service.web.rendering import go_to, render
from service.web.review.blur import Piece, find_spans_to_blur, split_into_pieces
from service.web.review.request import FormRequest, PageRequest, ReviewRequest
from service.web.review.status import Status

router = APIRouter(route_class=PageRoute, include_in_schema=False)

Ids = Annotated[tuple[str, ...], Query(max_length=MAX_BATCH)]


@router.get("/bulk")
def show_bulk(review: PageRequest, scope: Scope = Scope.SELECTED, comment: str = "", selected: Ids = ()) -> Response:
    """Show how many comments the group has, a sample of them, and the form that decides them all.

    `comment` is the id of the comment whose thread, author or near-duplicates form the group. `selected` are the ids of
    a group that was selected by hand.
    """
    selection = select_for_bulk(
        review.runtime,
        review.user.caller,
        scope=scope,
        comment_id=comment if is_identifier(comment) else "",
        comment_ids=[key for key in selected if is_identifier(key)],
        kind=review.position.kind,
        queue_filter=review.position.filters.queue_filter(review.runtime.clock()),
    )
    return _render(review, scope, selection, serialized=_serialize(selection.choices))


@router.post("/bulk")
def decide_bulk(
    review: FormRequest,
    selection: Annotated[str, Form()],
    outcome: Annotated[Literal["approve", "reject"], Form()],
    reason: Annotated[RejectReason | Literal[""], Form()] = "",
    note: Annotated[str, Form()] = "",
) -> Response:
    """Decide every comment of the group that has not changed since it was shown."""
    comments = _parse(selection)
    verdict = VerdictInput(
        outcome=Outcome(outcome), reason=reason or None, note=normalise_form_text(note), source="desk_bulk"
    )
    try:
        result = undoable_actions.decide_many(review.runtime, review.user.caller, verdict, comments)
    except (BodyInvalid, TextInvalid) as failure:
        shown = select_for_bulk(
            review.runtime,
            review.user.caller,
            scope=Scope.SELECTED,
            comment_ids=[comment.comment_id for comment in comments],
        )
        return _render(review, Scope.SELECTED, shown, serialized=selection, failure=failure)
    status = Status(
        done=outcome,
        action=str(result.action_id or ""),
        count=str(result.decided),
        unchanged=str(len(result.refused) or ""),
    )
    return go_to(review.position.start.url("queue", **status.as_query()))


def _render(
    review: ReviewRequest,
    scope: Scope,
    selection: BulkSelection,
    *,
    serialized: str,
    failure: DomainError | None = None,
) -> Response:
    sample = [(entry, _split(review, entry.text)) for entry in selection.sample]
    return render(
        review.http,
        "bulk.html",
        status_code=failure.status if failure else HTTPStatus.OK,
        user=review.user,
        position=review.position.start,
        scope=scope,
        selection=selection,
        serialized=serialized,
        sample=sample,
        max_batch=MAX_BATCH,
        reasons=REASON_LABELS,
        failure=failure,
    )


def _split(review: ReviewRequest, text: str) -> list[Piece]:
    return split_into_pieces(text, [], find_spans_to_blur(text) if review.is_blurring else [])


def _serialize(comments: tuple[SeenComment, ...]) -> str:
    """Return the group as JSON for a hidden field, so that the form decides only comments that the page counted."""
    return json.dumps([[comment.comment_id, comment.revision, comment.expected_verdict] for comment in comments])


def _parse(serialized: str) -> list[SeenComment]:
    try:
        comments = [
            SeenComment(comment_id=str(key), revision=int(revision), expected_verdict=int(verdict))
            for key, revision, verdict in json.loads(serialized)
        ]
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise BodyInvalid("This selection did not come from this page.", field="selection") from error
    if not 0 < len(comments) <= MAX_BATCH or not all(is_identifier(comment.comment_id) for comment in comments):
        raise BodyInvalid("This selection did not come from this page.", field="selection")
    return comments
