"""The queue page: comments that need a decision, the most urgent first; and the redirect to the next comment."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from service.dependencies import RuntimeDep
from service.domain.identifiers import is_identifier
from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.domain.priority import waiting_points
from service.domain.reasons import HoldReason
from service.moderation.access.sessions import SignedIn
from service.moderation.comments import summaries
from service.moderation.review import claims, queue
from service.moderation.runtime import Runtime
from service.store.comments.summaries import CommentSummary
from service.store.review.claims import Claim
from service.store.review.queue import Kind, QueueEntry
from service.web.access.auth import CurrentUser
from service.web.error_pages import PageRoute
from service.web.preferences import read_preferences
from service.web.rendering import go_to, render
from service.web.review.blur import Piece, find_spans_to_blur, split_into_pieces
from service.web.review.filters import AGES
from service.web.review.queue_position import CurrentPosition, QueuePosition, find_next
from service.web.review.status import CurrentStatus

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGE_SIZE = 50
EXCERPT_CHARS = 280
FILTER_REASONS = (*HoldReason, "severe_toxicity", "identity_attack", "insult", "profanity")
"""The choices of the filter by reason: the reasons to hold a comment, and four scores that can also hold one."""

LeaveOut = Annotated[tuple[str, ...], Query(max_length=200)]
"""Ids to skip: the comment on the screen, and comments whose decisions may still be on the way to the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the queue page. `pieces` is the start of the comment, split at the words to blur."""

    entry: QueueEntry
    url: str
    summary: CommentSummary | None
    claim: Claim | None
    pieces: list[Piece]
    waiting_points: float


@router.get("/")
def go_home() -> Response:
    """Redirect to the queue, where work starts."""
    return go_to("/queue")


@router.get("/queue")
def show_queue(
    request: Request,
    runtime: RuntimeDep,
    user: CurrentUser,
    position: CurrentPosition,
    status: CurrentStatus,
    cursor: str | None = None,
) -> Response:
    """Show one page of the queue, with the number of comments of each kind."""
    page = queue.read_queue(
        runtime,
        user.caller,
        kind=position.kind,
        cursor=cursor,
        limit=PAGE_SIZE,
        queue_filter=position.filters.queue_filter(runtime.clock()),
    )
    sections, languages = queue.read_filter_choices(runtime, user.caller)
    return render(
        request,
        "queue.html",
        user=user,
        page=page,
        rows=_make_rows(request, runtime, user, position.start, page.entries),
        position=position.start,
        status=status,
        kinds=list(Kind),
        sections=sections,
        languages=languages,
        reasons=FILTER_REASONS,
        score_names=THRESHOLD_NAMES,
        ages=list(AGES),
        max_count=queue.MAX_FOUND,
    )


@router.get("/next")
def go_next(
    runtime: RuntimeDep, user: CurrentUser, position: CurrentPosition, leave_out: LeaveOut = (), skipped: str = ""
) -> Response:
    """Redirect to the next comment, or to the queue page if there is none.

    The user gives up the claim on the comment `skipped`, so that colleagues can get it.
    """
    if skipped:
        claims.release_claim(runtime, user.caller, comment_ids=[skipped])
    entry = find_next(runtime, user, position, leave_out=[key for key in leave_out if is_identifier(key)])
    return go_to(position.entry_url(entry) if entry else position.start.url("queue", ended="1"))


def _make_rows(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    position: QueuePosition,
    entries: tuple[QueueEntry, ...],
) -> list[Row]:
    ids = [entry.comment_id for entry in entries]
    summary_by_id = summaries.read_summaries(runtime, user.caller, comment_ids=ids)
    claim_by_id = claims.list_claims(runtime, user.caller, comment_ids=ids)
    is_blurring = read_preferences(request).blur == "on"
    return [
        Row(
            entry=entry,
            url=position.entry_url(entry),
            summary=summary_by_id.get(entry.comment_id),
            claim=claim_by_id.get(entry.comment_id),
            pieces=_excerpt(entry.text, is_blurring=is_blurring),
            waiting_points=waiting_points(entry.entered_at, runtime.clock()),
        )
        for entry in entries
    ]


def _excerpt(text: str, *, is_blurring: bool) -> list[Piece]:
    excerpt = text if len(text) <= EXCERPT_CHARS else text[: EXCERPT_CHARS - 1].rstrip() + "…"
    return split_into_pieces(excerpt, [], find_spans_to_blur(excerpt) if is_blurring else [])
