"""Scoring without keeping."""

from fastapi import APIRouter

from models.comment import Article
from service.api import responses, schemas
from service.api.dependencies import RuntimeDep, TokenCaller
from service.moderation.scoring.score import Text, score_texts

router = APIRouter(tags=["scores"])


@router.post("/score", summary="Score up to 256 comments; nothing is stored")
def score(runtime: RuntimeDep, caller: TokenCaller, request: schemas.ScoreRequest) -> schemas.ScoreResponse:
    """Each comment is scored alone, with its article inline or by id; results come in the order of the request."""
    texts = [_text(item) for item in request.comments]
    scorings = score_texts(runtime, caller, texts=texts, explain=request.explain)
    return schemas.ScoreResponse(
        results=[
            responses.shape_scoring(scoring, item_id=item.id)
            for scoring, item in zip(scorings, request.comments, strict=True)
        ]
    )


def _text(item: schemas.ScoreItem) -> Text:
    return Text(
        text=item.text,
        article=Article(item.article.title, item.article.text) if item.article else None,
        article_id=item.article_id,
        parent_text=item.parent_text,
        thread=tuple(item.thread),
    )
