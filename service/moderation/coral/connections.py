"""Connections to Coral: which Coral speaks to which site, and whether it is really that one who speaks."""

import secrets
from collections.abc import Collection
from dataclasses import replace

from service.domain.coral import PHASE_PREFIX, WEBHOOK_PREFIX, is_signed
from service.domain.errors import BodyInvalid, NotAuthenticated, NotFound
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.net.graphql import GraphqlClient
from service.store.coral import coral as store
from service.store.coral.coral import CoralConnection
from service.store.insights import audit_log

ID_BYTES = 8


def connect_coral(
    runtime: Runtime,
    caller: Caller,
    *,
    signing_secrets: Collection[str],
    graphql_url: str | None = None,
    graphql_token: str | None = None,
) -> CoralConnection:
    """Adds a connection with Coral's own signing secrets; raises BodyInvalid, EndpointRefused."""
    caller.require(Right.MANAGE)
    for secret in signing_secrets:
        _check_secret(secret)
    if (graphql_url is None) != (graphql_token is None):
        raise BodyInvalid("GraphQL takes an address and a token.", field="graphql_url")
    if graphql_url:
        make_address_guard(runtime.settings.webhook_allowed_hosts).check_url(graphql_url)
    made = CoralConnection(
        id=secrets.token_hex(ID_BYTES),
        site=caller.site,
        secrets=tuple(dict.fromkeys(signing_secrets)),
        graphql_url=graphql_url,
        graphql_token=graphql_token,
        created_at=runtime.clock(),
    )
    _keep(runtime, caller, made, "coral.connected")
    return made


def change_secret(runtime: Runtime, caller: Caller, *, connection_id: str, secret: str) -> CoralConnection:
    """Puts a new signing secret in the place of those of its kind: while Coral changes over, it signs with both."""
    caller.require(Right.MANAGE)
    _check_secret(secret)
    kept = find_connection(runtime, caller, connection_id=connection_id)
    kind = PHASE_PREFIX if secret.startswith(PHASE_PREFIX) else WEBHOOK_PREFIX
    others = tuple(known for known in kept.secrets if not known.startswith(kind))
    changed = replace(kept, secrets=(*others, secret))
    _keep(runtime, caller, changed, "coral.secret_changed")
    return changed


def list_connections(runtime: Runtime, caller: Caller) -> list[CoralConnection]:
    """The site's connections, the oldest first."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return store.list_connections(connection, site=caller.site)


def find_connection(runtime: Runtime, caller: Caller, *, connection_id: str) -> CoralConnection:
    """The connection with this id; raises NotFound where the site has none."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        found = store.find_connection(connection, connection_id=connection_id)
    if found is None or found.site != caller.site:
        raise NotFound("There is no connection to Coral with this id.", field="id")
    return found


def disconnect_coral(runtime: Runtime, caller: Caller, *, connection_id: str) -> None:
    """Removes a connection; its comments stay. Raises NotFound."""
    kept = find_connection(runtime, caller, connection_id=connection_id)
    with runtime.database.writing() as connection:
        store.delete_connection(connection, connection_id=kept.id)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="coral.disconnected",
            subject=f"coral:{kept.id}",
            details={},
            now=runtime.clock(),
        )


def authenticate_coral(
    runtime: Runtime, *, connection_id: str, body: bytes, signature: str, prefix: str
) -> tuple[CoralConnection, Caller]:
    """Whom a signed request acts for; raises NotAuthenticated, the same for no connection and no good signature.

    A phase may send comments. A webhook may also say what Coral's moderators have decided.
    """
    if not connection_id.isalnum():
        # What no connection is called, PostgreSQL may refuse even to look for.
        raise NotAuthenticated
    with runtime.database.reading() as connection:
        found = store.find_connection(connection, connection_id=connection_id)
    known = [secret for secret in found.secrets if secret.startswith(prefix)] if found else []
    if not is_signed(body, signature, known) or found is None:
        raise NotAuthenticated
    rights = {Right.COMMENTS} if prefix == PHASE_PREFIX else {Right.COMMENTS, Right.MODERATE}
    return found, Caller(site=found.site, name=f"coral:{found.id}", rights=frozenset(rights))


def make_graphql_client(runtime: Runtime) -> GraphqlClient:
    """What asks Corals, at addresses that webhooks may reach too."""
    guard = make_address_guard(runtime.settings.webhook_allowed_hosts)
    return GraphqlClient(guard=guard, timeout_seconds=runtime.settings.webhook_timeout_seconds)


def _check_secret(secret: str) -> None:
    if not secret.startswith((PHASE_PREFIX, WEBHOOK_PREFIX)):
        raise BodyInvalid(
            f"A signing secret of Coral's begins with {PHASE_PREFIX} (phases) or {WEBHOOK_PREFIX} (webhooks).",
            field="secret",
        )


def _keep(runtime: Runtime, caller: Caller, kept: CoralConnection, action: str) -> None:
    with runtime.database.writing() as connection:
        store.put_connection(connection, kept)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action=action,
            subject=f"coral:{kept.id}",
            details={"graphql": kept.graphql_url is not None, "secrets": len(kept.secrets)},
            now=runtime.clock(),
        )
