"""Scoring without storing."""

from fastapi import APIRouter

from models.comment import Article
from service.api.dependencies import TokenCaller
from service.api.responses import scored_item_out
from service.api.schemas.scoring import ScoreItem, ScoreRequest, ScoreResponse
from service.dependencies import RuntimeDep
from service.moderation.scoring.score import Text, score_texts

router = APIRouter(tags=["scores"])


@router.post("/score", summary="Score up to 256 comments; nothing is stored")
def score(runtime: RuntimeDep, caller: TokenCaller, request: ScoreRequest) -> ScoreResponse:
    """Each comment is scored on its own, with its article inline or by id. Results are in the order of the request."""
    texts = [_text(item) for item in request.comments]
    scorings = score_texts(runtime, caller, texts=texts, explain=request.explain)
    return ScoreResponse(
        results=[
            scored_item_out(scoring, item_id=item.id) for scoring, item in zip(scorings, request.comments, strict=True)
        ]
    )


def _text(item: ScoreItem) -> Text:
    return Text(
        text=item.text,
        article=Article(item.article.title, item.article.body) if item.article else None,
        article_id=item.article_id,
        parent_text=item.parent_text,
        thread=tuple(item.thread),
    )
