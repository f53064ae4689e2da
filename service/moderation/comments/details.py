"""Everything that is known about one comment, for moderators and for the CMS."""

from dataclasses import dataclass

from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.store.articles import articles
from service.store.articles.articles import StoredArticle
from service.store.comments import authors, comments, decisions
from service.store.comments.authors import AuthorRecord
from service.store.comments.comments import Revision, StoredComment
from service.store.comments.decisions import StoredDecision, StoredScores
from service.store.review import reports_and_appeals, verdicts
from service.store.review.reports_and_appeals import Appeal, Report
from service.store.review.verdicts import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentDetails:
    """A comment with its history. Lists are oldest first. An erased comment keeps its rows without text."""

    comment: StoredComment
    revisions: tuple[Revision, ...]
    scores: tuple[StoredScores, ...]
    decisions: tuple[StoredDecision, ...]
    verdicts: tuple[Verdict, ...]
    reports: tuple[Report, ...]
    appeals: tuple[Appeal, ...]
    article: StoredArticle | None
    parent_text: str | None
    author: AuthorRecord | None

    @property
    def text(self) -> str:
        """The current text."""
        return self.revisions[-1].text


def read_comment(runtime: Runtime, caller: Caller, *, comment_id: str) -> CommentDetails:
    """Return the details of a comment on the caller's site. Raises NotFound."""
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    site, encoder = caller.site, runtime.scorers.base.encoder_hash
    with runtime.database.reading() as connection:
        comment = comments.require_comment(connection, site=site, comment_id=comment_id, allow_erased=True)
        parent = author = None
        if comment.parent_id:
            parent = comments.read_passage(connection, site=site, comment_id=comment.parent_id, encoder=encoder)
        if comment.author_id:
            author = authors.read_author_record(connection, site=site, author_id=comment.author_id)
        return CommentDetails(
            comment=comment,
            revisions=tuple(comments.list_revisions(connection, site=site, comment_id=comment_id)),
            scores=tuple(decisions.list_scores(connection, site=site, comment_id=comment_id)),
            decisions=tuple(decisions.list_decisions(connection, site=site, comment_id=comment_id)),
            verdicts=tuple(verdicts.list_verdicts(connection, site=site, comment_id=comment_id)),
            reports=tuple(reports_and_appeals.list_reports(connection, site=site, comment_id=comment_id)),
            appeals=tuple(reports_and_appeals.list_appeals(connection, site=site, comment_id=comment_id)),
            article=articles.find_article(connection, site=site, article_id=comment.article_id),
            parent_text=parent.text if parent else None,
            author=author,
        )
