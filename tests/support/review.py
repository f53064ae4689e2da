"""Moderators and held comments for tests of the review."""

from service.domain.policy.site_policy import Mode, Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation.access import users
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.comments.details import CommentDetails, read_comment
from service.moderation.intake.submit import Submission, submit
from service.moderation.review import queue
from service.moderation.review.verdicts import SeenComment, VerdictInput
from service.moderation.runtime import Runtime
from tests.support.builders import PRAISE, a_site

APPROVE = VerdictInput(outcome=Outcome.APPROVE, source="desk")
REJECT = VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.TOXIC, source="desk")


def a_user(runtime: Runtime, name: str, role: Role = Role.MODERATOR) -> Caller:
    operator = a_site(runtime)
    user = users.add_user(runtime, operator, email=f"{name}@news.example", name=name.title(), role=role)
    return Caller(site="gazette", name=f"user:{user.id}", rights=RIGHTS_OF_ROLE[role], user_id=user.id)


def hold(runtime: Runtime, *ids: str) -> None:
    """Submit a comment for each id. All are held, because their article is pre-moderated."""
    operator = a_site(runtime)
    article = ArticleInput(title="Tram", mode=Mode.PRE_MODERATED)
    register_article(runtime, operator, article_id="tram", article=article)
    for number, comment_id in enumerate(ids):
        submit(runtime, operator, Submission(id=comment_id, article_id="tram", text=f"{PRAISE} {number}"))


def see(comment_id: str, expected_verdict: int = 0) -> SeenComment:
    return SeenComment(comment_id=comment_id, revision=1, expected_verdict=expected_verdict)


def details_of(runtime: Runtime, comment_id: str) -> CommentDetails:
    return read_comment(runtime, a_site(runtime), comment_id=comment_id)


def waiting_ids(runtime: Runtime, caller: Caller) -> list[str]:
    return sorted(entry.comment_id for entry in queue.read_queue(runtime, caller).entries)
