"""Authors: their record, and the site's trust in them."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.api import responses, schemas
from service.api.dependencies import RuntimeDep, TokenCaller
from service.moderation.policy.authors import read_author, trust_author

router = APIRouter(tags=["authors"])

AuthorId = Annotated[str, Path(pattern=schemas.ID_PATTERN)]


@router.get("/authors/{author_id}", summary="Look an author up")
def get_author(runtime: RuntimeDep, caller: TokenCaller, author_id: AuthorId) -> schemas.AuthorOut:
    """Their record, by the CMS's own id."""
    return responses.shape_author(author_id, read_author(runtime, caller, author_id=author_id))


@router.put("/authors/{author_id}/trust", summary="Trust or suspend an author")
def put_trust(
    runtime: RuntimeDep, caller: TokenCaller, author_id: AuthorId, trust: schemas.TrustIn
) -> schemas.AuthorOut:
    """Trusted authors are not held for a score, suspended ones are always held."""
    record = trust_author(runtime, caller, author_id=author_id, trust=trust.trust, note=trust.note)
    return responses.shape_author(author_id, record)
