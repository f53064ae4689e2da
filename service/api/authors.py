"""Authors of comments: their record, and whether the site trusts or suspends them."""

from typing import Annotated

from fastapi import APIRouter, Path

from service.api.dependencies import TokenCaller
from service.api.responses import author_out
from service.api.schemas.authors import AuthorOut, TrustIn
from service.dependencies import RuntimeDep
from service.domain.identifiers import ID_PATTERN
from service.moderation.policy.authors import read_author, trust_author

router = APIRouter(tags=["authors"])

AuthorId = Annotated[str, Path(pattern=ID_PATTERN)]


@router.get("/authors/{author_id}", summary="Get an author")
def get_author(runtime: RuntimeDep, caller: TokenCaller, author_id: AuthorId) -> AuthorOut:
    """Return the author's record, by the CMS's own id."""
    return author_out(author_id, read_author(runtime, caller, author_id=author_id))


@router.put("/authors/{author_id}/trust", summary="Trust or suspend an author")
def put_trust(runtime: RuntimeDep, caller: TokenCaller, author_id: AuthorId, trust: TrustIn) -> AuthorOut:
    """Comments of trusted authors are not held for most scores; those of suspended authors are always held."""
    record = trust_author(runtime, caller, author_id=author_id, trust=trust.trust, note=trust.note)
    return author_out(author_id, record)
