"""The tables of the database in SQLAlchemy Core. Migrations create them, and a test compares the two."""

from service.store.tables.access import memberships, sessions, sign_in_links, sites, tokens, users
from service.store.tables.articles import article_fetches, articles, section_modes
from service.store.tables.columns import Number, UtcDateTime, metadata
from service.store.tables.comments import authors, comments, decisions, external_ids, fingerprints, revisions, scores
from service.store.tables.coral import coral_connections, coral_events
from service.store.tables.learning import site_models
from service.store.tables.operations import audit_log, idempotency_keys
from service.store.tables.policy import guidelines, pinned_examples, policies
from service.store.tables.review import (
    action_items,
    actions,
    appeals,
    claims,
    escalations,
    procedures,
    queue,
    reports,
    second_reviews,
    verdicts,
)
from service.store.tables.webhooks import attempts, deliveries, endpoints, events

__all__ = [
    "Number",
    "UtcDateTime",
    "action_items",
    "actions",
    "appeals",
    "article_fetches",
    "articles",
    "attempts",
    "audit_log",
    "authors",
    "claims",
    "comments",
    "coral_connections",
    "coral_events",
    "decisions",
    "deliveries",
    "endpoints",
    "escalations",
    "events",
    "external_ids",
    "fingerprints",
    "guidelines",
    "idempotency_keys",
    "memberships",
    "metadata",
    "pinned_examples",
    "policies",
    "procedures",
    "queue",
    "reports",
    "revisions",
    "scores",
    "second_reviews",
    "section_modes",
    "sessions",
    "sign_in_links",
    "site_models",
    "sites",
    "tokens",
    "users",
    "verdicts",
]
