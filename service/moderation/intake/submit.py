"""Intake: a comment arrives, is revised, or is looked at again because its article has arrived."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from service.domain.errors import CommentChanged, CommentErased, NotFound
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_text
from service.moderation.articles.page_fetches import request_fetch
from service.moderation.comments.context import DecisionContext, read_context, stored_author_id
from service.moderation.intake.filing import Evaluation, RecordedDecision, evaluate, record_decision, record_scores
from service.moderation.runtime import Runtime
from service.store.comments import authors, comments, decisions, external_ids
from service.store.comments.comments import Revision, State, StoredComment
from service.store.comments.external_ids import ExternalId
from service.store.insights import audit_log
from service.store.review import verdicts


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A comment as the CMS sends it; `author_id` is the CMS's own."""

    id: str
    article_id: str
    text: str
    parent_id: str | None = None
    author_id: str | None = None
    author_name: str | None = None
    posted_at: datetime | None = None

    @property
    def content_hash(self) -> str:
        """What must be alike for two submissions to be the same one."""
        parts = (self.article_id, self.parent_id or "", self.author_id or "", self.text)
        return hashlib.sha256("\x00".join(parts).encode()).hexdigest()


def submit(
    runtime: Runtime, caller: Caller, submission: Submission, *, external_id: ExternalId | None = None
) -> RecordedDecision:
    """Scores, decides and files a new comment, or gives the first answer again where it is known.

    `external_id` is filed with a new comment, so that there never is one without. Raises CommentChanged where the id is
    taken by another text, CommentErased where it was erased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_text(submission.text, field="text", longest=runtime.settings.max_comment_chars)
    now = runtime.clock()
    author_id = (
        stored_author_id(runtime, site=caller.site, author_id=submission.author_id) if submission.author_id else None
    )
    # A clock ahead of ours would put the comment behind its own replies.
    posted_at = min(submission.posted_at or now, now)
    with runtime.database.reading() as connection:
        known = comments.find_comment(connection, site=caller.site, comment_id=submission.id)
        if known is not None:
            return _repeat(connection, known, submission)
        context = read_context(
            runtime,
            connection,
            site=caller.site,
            comment_id=submission.id,
            article_id=submission.article_id,
            parent_id=submission.parent_id,
            author_id=author_id,
            posted_at=posted_at,
            text=submission.text,
        )
    evaluation = evaluate(runtime, site=caller.site, text=submission.text, context=context)
    comment = StoredComment(
        site=caller.site,
        id=submission.id,
        article_id=submission.article_id,
        parent_id=submission.parent_id,
        author_id=author_id,
        revision=1,
        state=evaluation.state,
        content_hash=submission.content_hash,
        awaits_article=_awaits_article(context),
        posted_at=posted_at,
        received_at=now,
    )
    with runtime.database.writing() as connection:
        # Between reading and now another request may have brought the same comment: the first one in wins.
        if not comments.insert_comment(connection, comment):
            return _repeat(connection, _found(connection, caller.site, submission.id), submission)
        if author_id is not None:
            authors.see_author(connection, site=caller.site, author_id=author_id, name=submission.author_name, now=now)
        _write_revision(runtime, connection, comment=comment, text=submission.text, evaluation=evaluation)
        if external_id is not None:
            external_ids.record_external_id(connection, site=caller.site, external_id=external_id)
        if context.article is not None:
            request_fetch(runtime, connection, context.article)
        recorded = record_decision(runtime, connection, comment=comment, evaluation=evaluation, is_new=True)
    runtime.jobs.deliver(list(recorded.deliveries))
    return recorded


def revise(
    runtime: Runtime, caller: Caller, *, comment_id: str, text: str, external_id: ExternalId | None = None
) -> RecordedDecision:
    """Files a new wording of a comment, with its `external_id`, and decides it afresh; the same wording changes nothing.

    Raises NotFound, CommentErased, TextInvalid.
    """
    caller.require(Right.COMMENTS)
    check_text(text, field="text", longest=runtime.settings.max_comment_chars)
    with runtime.database.reading() as connection:
        current = _found(connection, caller.site, comment_id)
        context = _read_again(runtime, connection, current, text)
    evaluation = evaluate(runtime, site=caller.site, text=text, context=context)
    with runtime.database.writing() as connection:
        current = _found(connection, caller.site, comment_id, lock=True)
        newest = comments.list_revisions(connection, site=caller.site, comment_id=comment_id)[-1]
        if newest.text == text:
            return _latest(connection, current)
        revised = replace(
            current,
            revision=current.revision + 1,
            state=evaluation.state,
            awaits_article=_awaits_article(context),
        )
        comments.update_comment(
            connection,
            site=revised.site,
            comment_id=revised.id,
            revision=revised.revision,
            state=str(revised.state),
            awaits_article=revised.awaits_article,
        )
        _write_revision(runtime, connection, comment=revised, text=text, evaluation=evaluation)
        if external_id is not None:
            external_ids.record_external_id(connection, site=caller.site, external_id=external_id)
        recorded = record_decision(runtime, connection, comment=revised, evaluation=evaluation, is_new=True)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="comment.revised",
            subject=comment_id,
            details={"revision": revised.revision},
            now=runtime.clock(),
        )
    runtime.jobs.deliver(list(recorded.deliveries))
    return recorded


def rescore_waiting(
    runtime: Runtime, *, site: str | None = None, article_id: str | None = None, limit: int = 200
) -> int:
    """Scores again the comments whose article has arrived since, and says how many; of one article, or of any."""
    with runtime.database.reading() as connection:
        waiting = comments.list_awaiting(connection, site=site, article_id=article_id, limit=limit)
    for comment in waiting:
        _rescore(runtime, comment)
    return len(waiting)


def _rescore(runtime: Runtime, comment: StoredComment) -> None:
    with runtime.database.reading() as connection:
        text = comments.list_revisions(connection, site=comment.site, comment_id=comment.id)[-1].text
        context = _read_again(runtime, connection, comment, text)
    evaluation = evaluate(runtime, site=comment.site, text=text, context=context)
    with runtime.database.writing() as connection:
        current = _found(connection, comment.site, comment.id, lock=True)
        if current.revision != comment.revision or not current.awaits_article:
            return
        # A person's word stands: the new scores then only explain.
        decided = verdicts.latest_verdict(connection, site=comment.site, comment_id=comment.id)
        decided_by_person = decided is not None and decided.revision == current.revision
        state = current.state if decided_by_person else evaluation.state
        comments.update_comment(
            connection, site=comment.site, comment_id=comment.id, awaits_article=False, state=str(state)
        )
        rescored = replace(current, awaits_article=False, state=state)
        if decided_by_person:
            record_scores(runtime, connection, comment=rescored, evaluation=evaluation)
            return
        recorded = record_decision(runtime, connection, comment=rescored, evaluation=evaluation, is_new=False)
    runtime.jobs.deliver(list(recorded.deliveries))


def _read_again(runtime: Runtime, connection: Connection, comment: StoredComment, text: str) -> DecisionContext:
    return read_context(
        runtime,
        connection,
        site=comment.site,
        comment_id=comment.id,
        article_id=comment.article_id,
        parent_id=comment.parent_id,
        author_id=comment.author_id,
        posted_at=comment.posted_at,
        text=text,
    )


def _awaits_article(context: DecisionContext) -> bool:
    return context.article is None or not context.article.content.is_known


def _found(connection: Connection, site: str, comment_id: str, *, lock: bool = False) -> StoredComment:
    comment = comments.find_comment(connection, site=site, comment_id=comment_id, lock=lock)
    if comment is None:
        raise NotFound("There is no comment with this id.", field="id")
    if comment.state is State.ERASED:
        raise CommentErased(field="id")
    return comment


def _repeat(connection: Connection, known: StoredComment, submission: Submission) -> RecordedDecision:
    if known.state is State.ERASED:
        raise CommentErased(field="id")
    if known.content_hash != submission.content_hash:
        raise CommentChanged(field="id")
    first_scores = decisions.list_scores(connection, site=known.site, comment_id=known.id)[0]
    first_decision = decisions.list_decisions(connection, site=known.site, comment_id=known.id)[0]
    return RecordedDecision(comment=known, scores=first_scores, decision=first_decision, is_new=False)


def _latest(connection: Connection, known: StoredComment) -> RecordedDecision:
    scores = decisions.list_scores(connection, site=known.site, comment_id=known.id)[-1]
    decision = decisions.list_decisions(connection, site=known.site, comment_id=known.id)[-1]
    return RecordedDecision(comment=known, scores=scores, decision=decision, is_new=False)


def _write_revision(
    runtime: Runtime, connection: Connection, *, comment: StoredComment, text: str, evaluation: Evaluation
) -> None:
    revision = Revision(
        revision=comment.revision,
        text=text,
        received_at=runtime.clock(),
        encoder=runtime.scorers.base.encoder_identity,
        vector=evaluation.scoring.assessment.vector,
    )
    comments.insert_revision(connection, site=comment.site, comment_id=comment.id, revision=revision)
