"""Connections to Coral, and authentication of the requests that Coral sends."""

import secrets
from collections.abc import Collection
from dataclasses import replace

from service.domain.coral import PHASE_PREFIX, WEBHOOK_PREFIX, is_signed
from service.domain.errors import BodyInvalid, NotAuthenticated, NotFound
from service.domain.rights import Caller, Right
from service.moderation.runtime import Runtime
from service.net.addresses import make_address_guard
from service.net.graphql import GraphqlClient
from service.store.coral import connections as store
from service.store.coral.connections import CoralConnection
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
    """Add a connection with the signing secrets of Coral. Raises BodyInvalid, EndpointRefused."""
    caller.require(Right.MANAGE)
    for secret in signing_secrets:
        _check_secret(secret)
    if (graphql_url is None) != (graphql_token is None):
        raise BodyInvalid("GraphQL needs both an address and a token.", field="graphql_url")
    if graphql_url:
        make_address_guard(runtime.settings.webhook_allowed_hosts).check_url(graphql_url)
    coral = CoralConnection(
        id=secrets.token_hex(ID_BYTES),
        site=caller.site,
        secrets=tuple(dict.fromkeys(signing_secrets)),
        graphql_url=graphql_url,
        graphql_token=graphql_token,
        created_at=runtime.clock(),
    )
    _save(runtime, caller, coral, "coral.connected")
    return coral


def change_secret(runtime: Runtime, caller: Caller, *, connection_id: str, secret: str) -> CoralConnection:
    """Replace the signing secrets of the same kind. During its own rotation, Coral signs with the old and the new one.

    Raises NotFound, BodyInvalid.
    """
    caller.require(Right.MANAGE)
    _check_secret(secret)
    coral = find_connection(runtime, caller, connection_id=connection_id)
    prefix = PHASE_PREFIX if secret.startswith(PHASE_PREFIX) else WEBHOOK_PREFIX
    other_kind = tuple(known for known in coral.secrets if not known.startswith(prefix))
    changed = replace(coral, secrets=(*other_kind, secret))
    _save(runtime, caller, changed, "coral.secret_changed")
    return changed


def list_connections(runtime: Runtime, caller: Caller) -> list[CoralConnection]:
    """Return the site's connections, the oldest first."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        return store.list_connections(connection, site=caller.site)


def find_connection(runtime: Runtime, caller: Caller, *, connection_id: str) -> CoralConnection:
    """Return the connection with this id. Raises NotFound."""
    caller.require(Right.MANAGE)
    with runtime.database.reading() as connection:
        coral = store.find_connection(connection, connection_id=connection_id)
    if coral is None or coral.site != caller.site:
        raise NotFound("There is no connection to Coral with this id.", field="id")
    return coral


def disconnect_coral(runtime: Runtime, caller: Caller, *, connection_id: str) -> None:
    """Delete a connection; its comments stay. Raises NotFound."""
    coral = find_connection(runtime, caller, connection_id=connection_id)
    with runtime.database.writing() as connection:
        store.delete_connection(connection, connection_id=coral.id)
        audit_log.record(connection, caller, "coral.disconnected", subject=f"coral:{coral.id}", now=runtime.clock())


def authenticate_coral(
    runtime: Runtime, *, connection_id: str, body: bytes, signature: str, prefix: str
) -> tuple[CoralConnection, Caller]:
    """Return the connection and the caller that a signed request stands for.

    A moderation phase can send comments. A webhook can also send the decisions of Coral's moderators. Raises
    NotAuthenticated, with the same message for an unknown connection and a wrong signature.
    """
    if not connection_id.isalnum():
        # PostgreSQL may reject a query with such an id.
        raise NotAuthenticated
    with runtime.database.reading() as connection:
        coral = store.find_connection(connection, connection_id=connection_id)
    secrets_of_kind = [secret for secret in coral.secrets if secret.startswith(prefix)] if coral else []
    if not is_signed(body, signature, secrets_of_kind) or coral is None:
        raise NotAuthenticated
    rights = {Right.COMMENTS} if prefix == PHASE_PREFIX else {Right.COMMENTS, Right.MODERATE}
    return coral, Caller(site=coral.site, name=f"coral:{coral.id}", rights=frozenset(rights))


def make_graphql_client(runtime: Runtime) -> GraphqlClient:
    """Return a client for Coral's GraphQL API. It can reach the same addresses as webhooks."""
    guard = make_address_guard(runtime.settings.webhook_allowed_hosts)
    return GraphqlClient(guard=guard, timeout_seconds=runtime.settings.webhook_timeout_seconds)


def _check_secret(secret: str) -> None:
    if not secret.startswith((PHASE_PREFIX, WEBHOOK_PREFIX)):
        raise BodyInvalid(
            f"A signing secret of Coral begins with {PHASE_PREFIX} (phases) or {WEBHOOK_PREFIX} (webhooks).",
            field="secret",
        )


def _save(runtime: Runtime, caller: Caller, coral: CoralConnection, action: str) -> None:
    details = {"graphql": coral.graphql_url is not None, "secrets": len(coral.secrets)}
    with runtime.database.writing() as connection:
        store.put_connection(connection, coral)
        audit_log.record(connection, caller, action, subject=f"coral:{coral.id}", now=runtime.clock(), **details)
