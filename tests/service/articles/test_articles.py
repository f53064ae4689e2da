"""Articles: registered before or after their comments, and embedded once."""

from dataclasses import replace

from fastapi.testclient import TestClient

from models.comment import Article
from service.domain.policy.site_policy import Mode, Outcome
from service.domain.states import CommentState
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.intake.submit import Submission, rescore_waiting, submit
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.articles.articles import find_article
from service.store.comments.comments import find_comment
from service.store.comments.decisions import list_decisions, list_scores
from tests.support.builders import INSULT, PRAISE, a_cms, a_comment, a_site, an_article

FACTS = ArticleInput(title="Council approves tram extension to the hospital", body="Line 9 will reach it next spring.")


def test_an_article_is_returned_as_it_was_saved(client: TestClient) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article(url="https://news.example/tram"))
    article = cms.get("/v1/articles/tram").json()
    assert (article["title"], article["mode"]) == (an_article()["title"], "open")
    assert article["url"] == "https://news.example/tram"


def test_an_unknown_article_is_not_found(client: TestClient) -> None:
    answer = a_cms(client).get("/v1/articles/nothing")
    assert (answer.status_code, answer.json()["field"]) == (404, "id")


def test_stored_embeddings_are_exactly_those_of_the_encoder(runtime: Runtime) -> None:
    register_article(runtime, a_site(runtime), article_id="tram", article=FACTS)
    with runtime.database.reading() as connection:
        stored = find_article(connection, site="gazette", article_id="tram")
    fresh = runtime.scorers.base.embed_article(Article(FACTS.title, FACTS.body)).vectors
    assert stored
    assert stored.content.vectors
    assert fresh
    assert stored.content.vectors.spans == fresh.spans
    assert (stored.content.vectors.title == fresh.title).all()  # type: ignore[union-attr]  it has a title
    assert (stored.content.vectors.passages == fresh.passages).all()


def test_earlier_comments_are_scored_again_when_the_article_arrives(runtime: Runtime) -> None:
    operator = a_site(runtime)
    submit(runtime, operator, Submission(id="c-1", article_id="tram", text=PRAISE))
    assert rescore_waiting(runtime) == 0
    register_article(runtime, operator, article_id="tram", article=FACTS)
    assert (rescore_waiting(runtime), rescore_waiting(runtime)) == (1, 0)
    with runtime.database.reading() as connection:
        first, second = list_scores(connection, site="gazette", comment_id="c-1")
    assert (first.scores["relevance"], second.scores["relevance"] is not None) == (None, True)


def test_a_verdict_remains_when_the_article_arrives(runtime: Runtime) -> None:
    operator = a_site(runtime)
    submit(runtime, operator, Submission(id="c-1", article_id="tram", text=INSULT))
    give_verdict(runtime, operator, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-1"))
    register_article(runtime, operator, article_id="tram", article=FACTS)
    rescore_waiting(runtime)
    with runtime.database.reading() as connection:
        comment = find_comment(connection, site="gazette", comment_id="c-1")
        assert len(list_decisions(connection, site="gazette", comment_id="c-1")) == 1
    assert comment
    assert comment.state is CommentState.APPROVED


def test_a_new_mode_does_not_embed_the_article_again(runtime: Runtime) -> None:
    operator = a_site(runtime)
    first = register_article(runtime, operator, article_id="tram", article=FACTS)
    closed = register_article(runtime, operator, article_id="tram", article=replace(FACTS, mode=Mode.CLOSED))
    assert first.content.vectors
    assert closed.content.vectors
    assert (closed.content.vectors.passages == first.content.vectors.passages).all()
    assert closed.created_at == first.created_at


def test_comments_on_closed_or_pre_moderated_articles_are_held(client: TestClient) -> None:
    cms = a_cms(client)
    cms.put("/v1/articles/tram", an_article(mode="closed"))
    assert cms.post("/v1/comments", a_comment()).json()["decision"]["rule"] == "article_closed"
    cms.put("/v1/articles/tram", an_article(mode="pre_moderated"))
    assert cms.post("/v1/comments", a_comment(id="c-2")).json()["decision"]["rule"] == "pre_moderated"
