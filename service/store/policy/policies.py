"""Policies: a site's thresholds and lists. Each change adds a version, and no version is ever changed or deleted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from service.domain.policy.site_policy import Policy
from service.store.tables import policies


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """One version of a policy. `author` has saved it; `note` says why."""

    policy: Policy
    author: str
    note: str
    created_at: datetime


def add_policy(connection: Connection, *, site: str, saved: PolicyVersion) -> None:
    """Add a version. Raises IntegrityError if the version number is taken, because someone else has saved one."""
    connection.execute(
        insert(policies).values(
            site=site,
            version=saved.policy.version,
            content=saved.policy.as_dict(),
            author=saved.author,
            note=saved.note,
            created_at=saved.created_at,
        )
    )


def read_policy(connection: Connection, *, site: str) -> Policy:
    """Return the newest version, or version 0, the defaults of the model release, if the site has saved none."""
    query = select(policies).where(policies.c.site == site).order_by(policies.c.version.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return _policy(row) if row else Policy()


def list_policies(connection: Connection, *, site: str) -> list[PolicyVersion]:
    """Return all versions, newest first."""
    query = select(policies).where(policies.c.site == site).order_by(policies.c.version.desc())
    return [
        PolicyVersion(policy=_policy(row), author=row.author, note=row.note, created_at=row.created_at)
        for row in connection.execute(query)
    ]


def _policy(row: Any) -> Policy:
    # JSON has no tuples, which the immutable Policy needs.
    lists = ("blocked_words", "blocked_hosts", "pre_moderated_sections")
    content: dict[str, Any] = {name: tuple(value) if name in lists else value for name, value in row.content.items()}
    return Policy(version=row.version, **content)
