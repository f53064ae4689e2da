"""The review page: one comment with all that is known about it. What is decided there, `deciding` takes."""

from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from service.domain.errors import CommentErased, DomainError
from service.domain.identifiers import require_identifier
from service.domain.policy.rules import Mode
from service.domain.priority import waiting_points
from service.domain.reasons import REASON_LABELS
from service.domain.rights import Right
from service.moderation.access import users
from service.moderation.access.sessions import SignedIn
from service.moderation.articles import modes
from service.moderation.comments import details as comments
from service.moderation.comments import related
from service.moderation.comments.details import CommentDetails
from service.moderation.comments.related import RelatedContext
from service.moderation.review import claims
from service.moderation.runtime import Runtime
from service.store.comments.comments import State
from service.store.comments.decisions import StoredScores
from service.store.review.escalations import Topic
from service.web.access.auth import RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.preferences import read_preferences
from service.web.rendering import render
from service.web.review.blur import find_blurred, mark_blurred
from service.web.review.diff import find_differences
from service.web.review.highlights import Mark
from service.web.review.queue_position import CurrentPosition, QueuePosition
from service.web.review.score_display import read_scores

router = APIRouter(route_class=PageRoute, include_in_schema=False)

MARKED = ("toxicity", "coherence")
"""The scores whose spans can be marked in the text; the first that has any is marked unasked."""


@router.get("/comments/{comment_id:path}")
def show_comment(
    request: Request,
    runtime: RuntimeDep,
    user: User,
    position: CurrentPosition,
    comment_id: str,
    marks: str = "",
    done: str = "",
    action: Annotated[str, Query(pattern="^[0-9]{0,18}$")] = "",
    previous: str = "",
) -> Response:
    """One comment with all that is known about it; a waiting one is then this person's for a while."""
    file = _read_file(runtime, user, comment_id)
    around = related.read_surroundings(runtime, user.caller, file)
    if around.entry is not None and around.claim is None:
        # A colleague may have opened it since the line above: then the claim is theirs.
        around = replace(around, claim=claims.claim_comment(runtime, user.caller, comment_id=comment_id))
    said = {"done": done, "action": action, "previous": previous}
    return _render(request, runtime, user, position, file, around, marks=marks, said=said)


def show_again(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    position: QueuePosition,
    comment_id: str,
    *,
    failure: DomainError,
    note: str,
) -> Response:
    """The comment as it is now, with what kept it from being decided and what had been typed."""
    file = _read_file(runtime, user, comment_id)
    around = related.read_surroundings(runtime, user.caller, file)
    return _render(request, runtime, user, position, file, around, failure=failure, note=note)


def _read_file(runtime: Runtime, user: SignedIn, comment_id: str) -> CommentDetails:
    file = comments.read_comment(runtime, user.caller, comment_id=require_identifier(comment_id))
    if file.comment.state is State.ERASED:
        raise CommentErased("This comment was erased.")
    return file


def _render(
    request: Request,
    runtime: Runtime,
    user: SignedIn,
    position: QueuePosition,
    file: CommentDetails,
    around: RelatedContext,
    *,
    marks: str = "",
    said: dict[str, str] | None = None,
    failure: DomainError | None = None,
    note: str = "",
) -> Response:
    scored, decided = file.scores[-1], file.decisions[-1]
    marked = _pick_marks(scored, marks)
    section = file.article.section if file.article else None
    base = runtime.scorers.base
    # The card speaks for the scores of its own release, and not for those of an earlier one.
    bands = base.find_bins(scored.scores) if scored.model == base.version else {}
    return render(
        request,
        "review.html",
        status=failure.status if failure else HTTPStatus.OK,
        user=user,
        position=position,
        file=file,
        around=around,
        scored=scored,
        decided=decided,
        readings=read_scores(scored.scores, scored.abstentions, decided.thresholds, bands),
        pieces=mark_blurred(file.text, _marks(scored, marked), _blurred(request, file, scored)),
        marked=marked,
        markable=[name for name in MARKED if _marks(scored, name)],
        decoded=_compare_decoded(file.text, scored),
        edits=[
            (later, find_differences(earlier.text, later.text))
            for earlier, later in zip(file.revisions, file.revisions[1:], strict=False)
        ],
        names=_read_names(runtime, file, around),
        reasons=REASON_LABELS,
        topics=list(Topic),
        danger=_find_danger(decided.findings, around),
        is_editor=Right.EDIT in user.caller.rights,
        modes=list(Mode),
        set_modes=modes.read_set_modes(runtime, user.caller, article_id=file.comment.article_id, section=section),
        age_points=waiting_points(around.entry.entered_at, runtime.clock()) if around.entry else 0.0,
        undo_seconds=runtime.settings.undo_seconds,
        claim_seconds=runtime.settings.claim_seconds,
        said=said or {},
        failure=failure,
        note=note,
    )


def _blurred(request: Request, file: CommentDetails, scored: StoredScores) -> list[tuple[int, int]]:
    if read_preferences(request).blur != "on":
        return []
    return find_blurred(file.text, _marks(scored, "toxicity"))


def _read_names(runtime: Runtime, file: CommentDetails, around: RelatedContext) -> dict[str, str]:
    actors = [verdict.by for verdict in file.verdicts] + [handed.by for handed in around.escalations]
    return users.read_names(runtime, actors=actors)


def _find_danger(findings: list[dict[str, Any]], around: RelatedContext) -> list[Topic]:
    """The topics whose steps are shown: those that the machine saw, and those that a colleague handed it on for."""
    seen = {finding["code"] for finding in findings} | {
        str(handed.topic) for handed in around.escalations if handed.closed_at is None
    }
    return [topic for topic in Topic if str(topic) in seen]


def _compare_decoded(text: str, scored: StoredScores) -> list[tuple[str, str]] | None:
    """What the models read in place of what stands there, word by word; None where they read what stands there."""
    decoded = scored.explanation.get("decoded")
    if not decoded or decoded.split() == text.split():
        return None
    return find_differences(text, str(decoded))


def _pick_marks(scored: StoredScores, asked: str) -> str:
    if asked in {*MARKED, "none"}:
        return asked
    return next((name for name in MARKED if _marks(scored, name)), "none")


def _marks(scored: StoredScores, name: str) -> list[Mark]:
    # Spans belong to one wording; the file's newest scores are of its newest wording.
    spans: list[dict[str, Any]] = scored.explanation.get(name) or []
    return [Mark(int(span["start"]), int(span["end"]), float(span["weight"])) for span in spans]
