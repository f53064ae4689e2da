"""Comments: sent, revised, looked up, erased, reported, appealed and decided."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response, status

from service.api import responses, schemas
from service.api.dependencies import IdempotencyKey, RuntimeDep, TokenCaller
from service.moderation.comments.details import read_comment
from service.moderation.idempotency import run_once
from service.moderation.intake import submit as intake
from service.moderation.privacy import erasure
from service.moderation.review import reports_and_appeals
from service.moderation.review.verdicts import give_verdict
from service.moderation.runtime import Runtime

router = APIRouter(tags=["comments"])

CommentId = Annotated[str, Path(pattern=schemas.ID_PATTERN)]


@router.post("/comments", status_code=status.HTTP_201_CREATED, summary="Send a comment")
def post_comment(
    runtime: RuntimeDep, caller: TokenCaller, comment: schemas.CommentIn, response: Response
) -> schemas.CommentOut:
    """Scored and decided at once. The same comment again gets the first answer with status 200."""
    filed = intake.submit(runtime, caller, _submission(comment))
    response.status_code = status.HTTP_201_CREATED if filed.is_new else status.HTTP_200_OK
    return responses.shape_filed(filed)


@router.put("/comments/{comment_id}", summary="Revise a comment")
def put_comment(
    runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId, revision: schemas.RevisionIn
) -> schemas.CommentOut:
    """A new wording, scored and decided afresh; the same wording again changes nothing."""
    return responses.shape_filed(intake.revise(runtime, caller, comment_id=comment_id, text=revision.text))


@router.get("/comments/{comment_id}", summary="Look a comment up")
def get_comment(runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId) -> schemas.CommentDetails:
    """The comment with its newest scores, decision and verdict."""
    return responses.shape_file(read_comment(runtime, caller, comment_id=comment_id))


@router.delete("/comments/{comment_id}", status_code=status.HTTP_204_NO_CONTENT, summary="Erase a comment")
def delete_comment(runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId) -> None:
    """Takes its words out of everything that is kept; a tombstone stays."""
    erasure.erase_comment(runtime, caller, comment_id=comment_id)


@router.post("/comments/{comment_id}/verdict", summary="Decide a comment")
def post_verdict(
    runtime: RuntimeDep,
    caller: TokenCaller,
    comment_id: CommentId,
    verdict: schemas.VerdictIn,
    key: IdempotencyKey = None,
) -> schemas.VerdictOut:
    """A person's decision, made in the CMS; it is what models learn from."""

    def act(runtime: Runtime) -> dict[str, Any]:
        given = give_verdict(runtime, caller, comment_id=comment_id, **verdict.model_dump())
        return responses.shape_verdict(given).model_dump(mode="json")

    request = f"verdict {comment_id} {verdict.model_dump_json()}"
    return schemas.VerdictOut(**run_once(runtime, caller, key=key, request=request, subject=comment_id, act=act))


@router.post("/comments/{comment_id}/reports", summary="Report a comment for a reader")
def post_report(
    runtime: RuntimeDep, caller: TokenCaller, comment_id: CommentId, report: schemas.ReportIn
) -> schemas.ReportOut:
    """Puts a published comment before a person; the same reader again counts once."""
    count = reports_and_appeals.report_comment(runtime, caller, comment_id=comment_id, **report.model_dump())
    return schemas.ReportOut(comment_id=comment_id, reports=count)


@router.post("/comments/{comment_id}/appeals", summary="Appeal for the author")
def post_appeal(
    runtime: RuntimeDep,
    caller: TokenCaller,
    comment_id: CommentId,
    appeal: schemas.AppealIn,
    key: IdempotencyKey = None,
) -> schemas.AppealOut:
    """Asks that a person look (again) at what was decided."""

    def act(runtime: Runtime) -> dict[str, Any]:
        made = reports_and_appeals.appeal_decision(runtime, caller, comment_id=comment_id, statement=appeal.statement)
        return responses.shape_appeal(made).model_dump(mode="json")

    request = f"appeal {comment_id} {appeal.statement}"
    return schemas.AppealOut(**run_once(runtime, caller, key=key, request=request, subject=comment_id, act=act))


def _submission(comment: schemas.CommentIn) -> intake.Submission:
    return intake.Submission(
        id=comment.id,
        article_id=comment.article_id,
        text=comment.text,
        parent_id=comment.parent_id,
        author_id=comment.author.id if comment.author else None,
        author_name=comment.author.name if comment.author else None,
        posted_at=comment.posted_at,
    )
