"""Routes of comments: send, revise, get, erase, decide, report and appeal."""

from typing import Annotated

from fastapi import APIRouter, Path, Response, status

from service.api.dependencies import IdempotencyKey, TokenCaller
from service.api.responses import appeal_out, comment_details_out, comment_out, verdict_out
from service.api.schemas.comments import (
    AppealIn,
    AppealOut,
    CommentDetailsOut,
    CommentIn,
    CommentOut,
    ReportIn,
    ReportOut,
    RevisionIn,
    VerdictIn,
    VerdictOut,
)
from service.dependencies import RuntimeDep
from service.domain.identifiers import ID_PATTERN
from service.moderation.comments.details import read_comment
from service.moderation.idempotency import run_once
from service.moderation.intake import submit as intake
from service.moderation.privacy import erasure
from service.moderation.review import reports_and_appeals
from service.moderation.review.verdicts import SeenComment, VerdictInput, write_verdict

router = APIRouter(tags=["comments"])

CommentId = Annotated[str, Path(pattern=ID_PATTERN)]


@router.post("/comments", status_code=status.HTTP_201_CREATED, summary="Send a comment")
def post_comment(runtime: RuntimeDep, caller: TokenCaller, comment: CommentIn, response: Response) -> CommentOut:
    """The comment is scored and decided at once. Sending the same comment again returns the first result, with 200."""
    recorded = intake.submit(runtime, caller, _submission(comment))
    response.status_code = status.HTTP_201_CREATED if recorded.is_new else status.HTTP_200_OK
    return comment_out(recorded)


@router.put("/comments/{comment_id}", summary="Revise a comment")
def put_comment(runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId, revision: RevisionIn) -> CommentOut:
    """The new text is scored and decided. Sending the same text again changes nothing."""
    return comment_out(intake.revise(runtime, caller, comment_id=comment_id, text=revision.text))


@router.get("/comments/{comment_id}", summary="Get a comment")
def get_comment(runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId) -> CommentDetailsOut:
    """Return the comment with its latest scores, decision and verdict."""
    return comment_details_out(read_comment(runtime, caller, comment_id=comment_id))


@router.delete("/comments/{comment_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Erase a comment")
def delete_comment(runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId) -> None:
    """Remove the text from everything that is stored; a tombstone stays."""
    erasure.erase_comment(runtime, caller, comment_id=comment_id)


@router.post("/comments/{comment_id}/verdict", summary="Decide a comment")
def post_verdict(
    runtime: RuntimeDep,
    caller: TokenCaller,
    comment_id: CommentId,
    verdict: VerdictIn,
    key: IdempotencyKey = None,
) -> VerdictOut:
    """Record a decision that a person made in the CMS. Site models are trained on verdicts."""
    given = VerdictInput(outcome=verdict.outcome, reason=verdict.reason, note=verdict.note)
    seen = SeenComment(comment_id=comment_id, revision=verdict.revision, expected_verdict=verdict.expected_verdict)
    body = run_once(
        runtime,
        caller,
        key=key,
        request=f"verdict {comment_id} {verdict.model_dump_json()}",
        subject=comment_id,
        write=lambda connection: write_verdict(runtime, connection, caller, given, seen),
        respond=lambda result: verdict_out(result.verdict).model_dump(mode="json"),
    )
    return VerdictOut(**body)


@router.post("/comments/{comment_id}/reports", summary="Report a comment on behalf of a reader")
def post_report(runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId, report: ReportIn) -> ReportOut:
    """Add a published comment to the review queue. Several reports by the same reader count once."""
    count = reports_and_appeals.report_comment(runtime, caller, comment_id=comment_id, **report.model_dump())
    return ReportOut(comment_id=comment_id, report_count=count)


@router.post("/comments/{comment_id}/appeals", summary="Appeal on behalf of the author")
def post_appeal(
    runtime: RuntimeDep,
    caller: TokenCaller,
    comment_id: CommentId,
    appeal: AppealIn,
    key: IdempotencyKey = None,
) -> AppealOut:
    """Ask for a person to review the decision."""
    body = run_once(
        runtime,
        caller,
        key=key,
        request=f"appeal {comment_id} {appeal.statement}",
        subject=comment_id,
        write=lambda connection: reports_and_appeals.write_appeal(
            runtime, connection, caller, comment_id=comment_id, statement=appeal.statement
        ),
        respond=lambda result: appeal_out(result.appeal).model_dump(mode="json"),
    )
    return AppealOut(**body)


def _submission(comment: CommentIn) -> intake.Submission:
    return intake.Submission(
        id=comment.id,
        article_id=comment.article_id,
        text=comment.text,
        parent_id=comment.parent_id,
        author_id=comment.author.id if comment.author else None,
        author_name=comment.author.name if comment.author else None,
        posted_at=comment.posted_at,
    )
