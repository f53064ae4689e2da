"""API tokens: shown once, kept as a hash, refused in one way whatever is wrong with them."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from service.domain.errors import NotAllowed, NotAuthenticated, NotFound
from service.domain.rights import Caller, Right
from service.moderation.access.tokens import authenticate_token, create_token, list_tokens, revoke_token
from service.moderation.runtime import Desk
from service.store.tables import audit_log, tokens
from tests.conftest import Clock
from tests.support.builders import a_site


def test_a_token_acts_for_its_site_with_its_rights(desk: Desk) -> None:
    secret, facts = create_token(desk, a_site(desk), name="CMS", rights=[Right.SCORE], expires_at=None)
    caller = authenticate_token(desk, secret)
    assert secret.startswith(f"cd_{facts.id}_")
    assert caller == Caller(site="gazette", name=f"token:{facts.id}", rights=frozenset({Right.SCORE}))


def test_the_secret_is_not_in_the_database(desk: Desk) -> None:
    secret, _ = create_token(desk, a_site(desk), name="CMS", rights=[Right.SCORE], expires_at=None)
    with desk.database.reading() as connection:
        rows = [*connection.execute(select(tokens)), *connection.execute(select(audit_log))]
    assert rows
    assert secret.rpartition("_")[2] not in str(rows)


@pytest.mark.parametrize(
    "wrong", ["", "x", "cd_", "cd_abc", "cd__", "cd_abc_def", "cd_a\x00_b", "Bearer cd_1_2", "cd_é_é"]
)
def test_what_is_no_token_is_refused(desk: Desk, wrong: str) -> None:
    with pytest.raises(NotAuthenticated):
        authenticate_token(desk, wrong)


def test_the_right_id_with_another_secret_is_refused(desk: Desk) -> None:
    _, facts = create_token(desk, a_site(desk), name="CMS", rights=[Right.SCORE], expires_at=None)
    with pytest.raises(NotAuthenticated):
        authenticate_token(desk, f"cd_{facts.id}_{'A' * 43}")


def test_a_token_expires(desk: Desk, clock: Clock) -> None:
    in_an_hour = clock() + timedelta(hours=1)
    secret, _ = create_token(desk, a_site(desk), name="CMS", rights=[Right.SCORE], expires_at=in_an_hour)
    authenticate_token(desk, secret)
    clock.advance(hours=1)
    with pytest.raises(NotAuthenticated, match="expired"):
        authenticate_token(desk, secret)


def test_a_revoked_token_is_refused_at_once(desk: Desk) -> None:
    operator = a_site(desk)
    secret, facts = create_token(desk, operator, name="CMS", rights=[Right.SCORE], expires_at=None)
    revoke_token(desk, operator, token_id=facts.id)
    with pytest.raises(NotAuthenticated, match="revoked"):
        authenticate_token(desk, secret)


def test_a_site_neither_sees_nor_revokes_the_tokens_of_another(desk: Desk) -> None:
    _, facts = create_token(desk, a_site(desk, "gazette"), name="CMS", rights=[Right.SCORE], expires_at=None)
    herald = a_site(desk, "herald")
    assert list_tokens(desk, herald) == []
    with pytest.raises(NotFound):
        revoke_token(desk, herald, token_id=facts.id)


def test_it_takes_the_right_to_manage(desk: Desk) -> None:
    a_site(desk)
    caller = Caller(site="gazette", name="token:x", rights=frozenset({Right.MODERATE}))
    with pytest.raises(NotAllowed):
        create_token(desk, caller, name="more", rights=list(Right), expires_at=None)
    with pytest.raises(NotAllowed):
        list_tokens(desk, caller)
