"""API tokens: stored as hashes, and refused with the same error whatever is wrong."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain.errors import NotAllowed, NotAuthenticated, NotFound
from service.domain.rights import Caller, Right
from service.moderation.access.tokens import authenticate_token, create_token, list_tokens, revoke_token
from service.moderation.runtime import Runtime
from service.store.tables import audit_log, tokens
from tests.conftest import Clock
from tests.support.builders import a_site


def test_a_token_acts_for_its_site_with_its_rights(runtime: Runtime) -> None:
    secret, facts = create_token(runtime, a_site(runtime), name="CMS", rights=[Right.SCORE], expires_at=None)
    caller = authenticate_token(runtime, secret)
    assert secret.startswith(f"cd_{facts.id}_")
    assert caller == Caller(site="gazette", name=f"token:{facts.id}", rights=frozenset({Right.SCORE}))


def test_the_secret_is_not_in_the_database(runtime: Runtime) -> None:
    secret, _ = create_token(runtime, a_site(runtime), name="CMS", rights=[Right.SCORE], expires_at=None)
    with runtime.database.reading() as connection:
        rows = [*connection.execute(select(tokens)), *connection.execute(select(audit_log))]
    assert rows
    assert secret.rpartition("_")[2] not in str(rows)


@pytest.mark.parametrize(
    "wrong", ["", "x", "cd_", "cd_abc", "cd__", "cd_abc_def", "cd_a\x00_b", "Bearer cd_1_2", "cd_é_é"]
)
def test_an_invalid_token_is_refused(runtime: Runtime, wrong: str) -> None:
    with pytest.raises(NotAuthenticated):
        authenticate_token(runtime, wrong)


def test_a_wrong_secret_is_refused(runtime: Runtime) -> None:
    _, facts = create_token(runtime, a_site(runtime), name="CMS", rights=[Right.SCORE], expires_at=None)
    with pytest.raises(NotAuthenticated):
        authenticate_token(runtime, f"cd_{facts.id}_{'A' * 43}")


def test_a_token_expires(runtime: Runtime, clock: Clock) -> None:
    in_an_hour = clock() + timedelta(hours=1)
    secret, _ = create_token(runtime, a_site(runtime), name="CMS", rights=[Right.SCORE], expires_at=in_an_hour)
    authenticate_token(runtime, secret)
    clock.advance(hours=1)
    with pytest.raises(NotAuthenticated, match="expired"):
        authenticate_token(runtime, secret)


def test_a_revoked_token_is_refused_at_once(runtime: Runtime) -> None:
    operator = a_site(runtime)
    secret, facts = create_token(runtime, operator, name="CMS", rights=[Right.SCORE], expires_at=None)
    revoke_token(runtime, operator, token_id=facts.id)
    with pytest.raises(NotAuthenticated, match="revoked"):
        authenticate_token(runtime, secret)


def test_a_site_cannot_list_or_revoke_tokens_of_another(runtime: Runtime) -> None:
    _, facts = create_token(runtime, a_site(runtime, "gazette"), name="CMS", rights=[Right.SCORE], expires_at=None)
    herald = a_site(runtime, "herald")
    assert list_tokens(runtime, herald) == []
    with pytest.raises(NotFound):
        revoke_token(runtime, herald, token_id=facts.id)


def test_tokens_need_the_right_to_manage(runtime: Runtime) -> None:
    a_site(runtime)
    caller = Caller(site="gazette", name="token:x", rights=frozenset({Right.MODERATE}))
    with pytest.raises(NotAllowed):
        create_token(runtime, caller, name="more", rights=list(Right), expires_at=None)
    with pytest.raises(NotAllowed):
        list_tokens(runtime, caller)
