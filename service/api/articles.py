"""Articles: the CMS registers what comments are about."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.api import responses, schemas
from service.api.dependencies import RuntimeDep, TokenCaller
from service.moderation.articles.registration import ArticleFacts, read_article, register_article

router = APIRouter(tags=["articles"])

ArticleId = Annotated[str, Path(pattern=schemas.ID_PATTERN)]


@router.put("/articles/{article_id}", summary="Register or replace an article")
def put_article(
    runtime: RuntimeDep, caller: TokenCaller, article_id: ArticleId, article: schemas.ArticleIn
) -> schemas.ArticleOut:
    """Embedded once; comments that came before it are scored again in the background."""
    facts = ArticleFacts(**article.model_dump())
    return responses.shape_article(register_article(runtime, caller, article_id=article_id, facts=facts))


@router.get("/articles/{article_id}", summary="Look an article up")
def get_article(runtime: RuntimeDep, caller: TokenCaller, article_id: ArticleId) -> schemas.ArticleOut:
    """The article as it is kept."""
    return responses.shape_article(read_article(runtime, caller, article_id=article_id))
