"""Articles, which the CMS registers so that comments on them can be scored for relevance."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.api.dependencies import TokenCaller
from service.api.responses import article_out
from service.api.schemas.articles import ArticleIn, ArticleOut
from service.dependencies import RuntimeDep
from service.domain.identifiers import ID_PATTERN
from service.moderation.articles.registration import ArticleInput, read_article, register_article

router = APIRouter(tags=["articles"])

ArticleId = Annotated[str, Path(pattern=ID_PATTERN)]


@router.put("/articles/{article_id}", summary="Register or replace an article")
def put_article(runtime: RuntimeDep, caller: TokenCaller, article_id: ArticleId, article: ArticleIn) -> ArticleOut:
    """The article is embedded once. Comments that arrived before it are scored again in the background."""
    facts = ArticleInput(**article.model_dump())
    return article_out(register_article(runtime, caller, article_id=article_id, article=facts))


@router.get("/articles/{article_id}", summary="Get an article")
def get_article(runtime: RuntimeDep, caller: TokenCaller, article_id: ArticleId) -> ArticleOut:
    """Return the article as it is stored."""
    return article_out(read_article(runtime, caller, article_id=article_id))
