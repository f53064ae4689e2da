"""Values that moderators filter the queue by, read for a stored comment that enters the queue again."""

from sqlalchemy import Connection

from service.store.comments import decisions
from service.store.comments.comments import StoredComment
from service.store.review.queue import FilterValues


def read_filter_values(connection: Connection, comment: StoredComment) -> FilterValues:
    """Return the values from the comment's newest scores and decision."""
    scores = decisions.latest_scores(connection, site=comment.site, comment_id=comment.id)
    decision = decisions.latest_decision(connection, site=comment.site, comment_id=comment.id)
    return FilterValues(
        article_id=comment.article_id,
        author_id=comment.author_id,
        language=scores.language,
        scores=scores.scores,
        finding_codes=[finding["code"] for finding in decision.findings],
    )
