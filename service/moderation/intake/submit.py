"""Intake of comments: submitting a new one, revising it, and scoring it again once its article has arrived.

All three read the context of the comment, evaluate its text outside any transaction, and record the result in one.
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from service.domain.errors import CommentChanged, CommentErased
from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.domain.text_validation import check_text
from service.moderation.articles.page_fetches import request_fetch
from service.moderation.comments.author_ids import stored_author_id
from service.moderation.comments.context import DecisionContext, Placement, read_context
from service.moderation.intake.decide import Evaluation, evaluate
from service.moderation.intake.record import RecordedDecision, record_decision, record_revision, record_scores
from service.moderation.runtime import Runtime
from service.store.comments import authors, comments, decisions
from service.store.comments.comments import StoredComment
from service.store.comments.external_ids import ExternalId
from service.store.insights import audit_log
from service.store.review import verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A comment as the CMS sends it; `author_id` is the CMS's own id."""

    id: str
    article_id: str
    text: str
    parent_id: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    posted_at: datetime | None = None

    @property
    def content_hash(self) -> str:
        """A hash that two submissions of the same comment share."""
        parts = (self.article_id, self.parent_id or "", self.author_id or "", self.text)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def submit(
    runtime: Runtime, caller: Caller, submission: Submission, *, external_id: ExternalId | None = None
) -> RecordedDecision:
    """Score, decide and store a new comment. For a known one, return its first decision again.

    `external_id` is stored in the same transaction. Raises CommentChanged if the id belongs to a different comment,
    CommentErased if it was erased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_text(submission.text, field="text", max_chars=runtime.settings.max_comment_chars)
    now = runtime.clock()
    placement = _place(runtime, caller, submission, now)
    with runtime.database.reading() as connection:
        known = comments.find_comment(connection, site=caller.site, comment_id=submission.id)
        if known is not None:
            return _same_submission(connection, known, submission)
        context = read_context(runtime, connection, placement, text=submission.text)
    evaluation = evaluate(runtime, site=caller.site, text=submission.text, context=context)
    comment = _new_comment(submission, placement, context, evaluation, now)
    with runtime.database.writing() as connection:
        # Another request may have stored the same comment in the meantime. The first one wins.
        if not comments.insert_comment(connection, comment):
            known = comments.require_comment(connection, site=caller.site, comment_id=submission.id)
            return _same_submission(connection, known, submission)
        if comment.author_id is not None:
            name = submission.author_name
            authors.record_author(connection, site=caller.site, author_id=comment.author_id, name=name, now=now)
        if context.article is not None:
            request_fetch(runtime, connection, context.article)
        recorded = record_revision(
            runtime,
            connection,
            comment=comment,
            text=submission.text,
            context=context,
            evaluation=evaluation,
            external_id=external_id,
        )
    runtime.jobs.deliver(list(recorded.deliveries))
    return recorded


def revise(
    runtime: Runtime, caller: Caller, *, comment_id: str, text: str, external_id: ExternalId | None = None
) -> RecordedDecision:
    """Score, decide and store a new text of a comment. The current text again changes nothing.

    Raises NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_text(text, field="text", max_chars=runtime.settings.max_comment_chars)
    with runtime.database.reading() as connection:
        known = comments.require_comment(connection, site=caller.site, comment_id=comment_id)
        context = read_context(runtime, connection, Placement.of(known), text=text)
    evaluation = evaluate(runtime, site=caller.site, text=text, context=context)
    with runtime.database.writing() as connection:
        # Read again under a lock, because the comment may have changed in the meantime.
        current = comments.require_comment(connection, site=caller.site, comment_id=comment_id, lock=True)
        if comments.read_text(connection, site=caller.site, comment_id=comment_id) == text:
            return _latest_decision(connection, current)
        revised = replace(
            current, revision=current.revision + 1, state=evaluation.state, awaits_article=context.awaits_article
        )
        comments.update_comment(
            connection,
            site=revised.site,
            comment_id=revised.id,
            revision=revised.revision,
            state=str(revised.state),
            awaits_article=revised.awaits_article,
        )
        recorded = record_revision(
            runtime,
            connection,
            comment=revised,
            text=text,
            context=context,
            evaluation=evaluation,
            external_id=external_id,
        )
        now = runtime.clock()
        audit_log.record(connection, caller, "comment.revised", subject=comment_id, now=now, revision=revised.revision)
    runtime.jobs.deliver(list(recorded.deliveries))
    return recorded


def rescore_waiting(
    runtime: Runtime, *, site: str | None = None, article_id: str | None = None, limit: int = 200
) -> int:
    """Score comments again whose article has arrived since: on one article, or on any. Return how many there were."""
    with runtime.database.reading() as connection:
        waiting = comments.list_awaiting(connection, site=site, article_id=article_id, limit=limit)
    for comment in waiting:
        _rescore(runtime, comment)
    return len(waiting)


def _rescore(runtime: Runtime, comment: StoredComment) -> None:
    with runtime.database.reading() as connection:
        text = comments.read_text(connection, site=comment.site, comment_id=comment.id)
        context = read_context(runtime, connection, Placement.of(comment), text=text)
    evaluation = evaluate(runtime, site=comment.site, text=text, context=context)
    with runtime.database.writing() as connection:
        current = comments.require_comment(connection, site=comment.site, comment_id=comment.id, lock=True)
        if current.revision != comment.revision or not current.awaits_article:
            return
        verdict = verdicts.latest_verdict(connection, site=comment.site, comment_id=comment.id)
        has_verdict = verdict is not None and verdict.revision == current.revision
        state = current.state if has_verdict else evaluation.state
        comments.update_comment(
            connection, site=comment.site, comment_id=comment.id, awaits_article=False, state=str(state)
        )
        rescored = replace(current, awaits_article=False, state=state)
        if has_verdict:
            # The verdict remains in force. The new scores only explain the comment.
            record_scores(runtime, connection, comment=rescored, evaluation=evaluation)
            return
        recorded = record_decision(
            runtime, connection, comment=rescored, context=context, evaluation=evaluation, is_new_revision=False
        )
    runtime.jobs.deliver(list(recorded.deliveries))


def _place(runtime: Runtime, caller: Caller, submission: Submission, now: datetime) -> Placement:
    author_id = submission.author_id
    return Placement(
        site=caller.site,
        comment_id=submission.id,
        article_id=submission.article_id,
        parent_id=submission.parent_id,
        author_id=stored_author_id(runtime, site=caller.site, author_id=author_id) if author_id else None,
        # A time in the future, from a clock that is ahead, would put the comment behind its own replies.
        posted_at=min(submission.posted_at or now, now),
    )


def _new_comment(
    submission: Submission, placement: Placement, context: DecisionContext, evaluation: Evaluation, now: datetime
) -> StoredComment:
    return StoredComment(
        site=placement.site,
        id=submission.id,
        article_id=submission.article_id,
        parent_id=submission.parent_id,
        author_id=placement.author_id,
        revision=1,
        state=evaluation.state,
        content_hash=submission.content_hash,
        awaits_article=context.awaits_article,
        posted_at=placement.posted_at,
        received_at=now,
    )


def _same_submission(connection: Connection, known: StoredComment, submission: Submission) -> RecordedDecision:
    """Return the first decision on a known comment. Raise CommentErased, CommentChanged."""
    if known.state is CommentState.ERASED:
        raise CommentErased(field="id")
    if known.content_hash != submission.content_hash:
        raise CommentChanged(field="id")
    first_scores = decisions.list_scores(connection, site=known.site, comment_id=known.id)[0]
    first_decision = decisions.list_decisions(connection, site=known.site, comment_id=known.id)[0]
    return RecordedDecision(comment=known, scores=first_scores, decision=first_decision, is_new=False)


def _latest_decision(connection: Connection, known: StoredComment) -> RecordedDecision:
    scores = decisions.latest_scores(connection, site=known.site, comment_id=known.id)
    decision = decisions.latest_decision(connection, site=known.site, comment_id=known.id)
    return RecordedDecision(comment=known, scores=scores, decision=decision, is_new=False)
