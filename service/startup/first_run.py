"""The first run: creates a site, an admin and an API token, so that a new service can be used at once."""

from dataclasses import dataclass
from datetime import timedelta

from service.demo.demo import sample_article, sample_comments
from service.domain.rights import Caller, Right, Role
from service.moderation.access.sites import put_site
from service.moderation.access.tokens import create_token
from service.moderation.access.users import add_user, create_sign_in_link, operator_of
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.intake import submit as intake
from service.moderation.runtime import Runtime
from service.store.access import sites

SITE = "main"
ADMIN = "admin@newsroom.example"
LINK_VALID_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRun:
    """The two secrets that are shown only once."""

    sign_in_link: str
    token: str


def set_up(runtime: Runtime) -> FirstRun | None:
    """Create the first site with an admin and a token. Return None if there is a site already."""
    with runtime.database.reading() as connection:
        if sites.list_sites(connection):
            return None
    put_site(runtime, site=SITE, name="My newsroom")
    operator = operator_of(SITE)
    add_user(runtime, operator, email=ADMIN, name="Admin", role=Role.ADMIN)
    link = create_sign_in_link(runtime, operator, email=ADMIN, valid_for=LINK_VALID_FOR)
    rights = (Right.SCORE, Right.COMMENTS, Right.MODERATE, Right.MANAGE, Right.METRICS)
    token, _ = create_token(runtime, operator, name="first run", rights=rights, expires_at=None)
    return FirstRun(sign_in_link=link, token=token)


def load_samples(runtime: Runtime, caller: Caller) -> int:
    """Load the sample article and its comments. Return the number of comments. A second call changes nothing."""
    sample = sample_article()
    article = ArticleInput(title=sample.title, body=sample.body, url=sample.url, section=sample.section)
    register_article(runtime, caller, article_id=sample.id, article=article)
    comments = sample_comments()
    # `minutes` counts from the article. The newest sample comment is posted now, and all others before it.
    newest_minutes = max(comment.minutes for comment in comments)
    for comment in comments:
        submission = intake.Submission(
            id=comment.id,
            article_id=sample.id,
            text=comment.text,
            parent_id=comment.parent_id,
            author_id=comment.author_id,
            author_name=comment.author_name,
            posted_at=runtime.clock() - timedelta(minutes=newest_minutes - comment.minutes),
        )
        intake.submit(runtime, caller, submission)
    return len(comments)
