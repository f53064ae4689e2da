"""Policies: reading the one in force, and saving a new version."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from service.domain.errors import AlreadyDecided
from service.domain.policy import Policy
from service.domain.rights import Caller, Right
from service.domain.texts import refuse_controls
from service.moderation.desk import Desk
from service.store import audit, policies
from service.store.policies import PolicyVersion


def read_policy(desk: Desk, caller: Caller) -> Policy:
    """The policy in force, with the release's thresholds where the site states none."""
    caller.require(Right.MODERATE)
    with desk.database.reading() as connection:
        return policies.read_policy(connection, site=caller.site).with_defaults(
            desk.scorers.base.recommended_thresholds
        )


def list_policies(desk: Desk, caller: Caller) -> list[PolicyVersion]:
    """Every version as it was saved, newest first."""
    caller.require(Right.MODERATE)
    with desk.database.reading() as connection:
        return policies.list_policies(connection, site=caller.site)


def save_policy(desk: Desk, caller: Caller, *, changes: Mapping[str, Any], note: str) -> PolicyVersion:
    """Saves the next version: the newest one with these fields changed. Raises PolicyInvalid naming the field."""
    caller.require(Right.MANAGE)
    refuse_controls(note, field="note")
    now = desk.clock()
    try:
        with desk.database.writing() as connection:
            newest = policies.read_policy(connection, site=caller.site)
            policy = replace(newest, **dict(changes), version=newest.version + 1)
            saved = PolicyVersion(policy=policy, author=caller.name, note=note, created_at=now)
            policies.add_policy(connection, site=caller.site, saved=saved)
            audit.record(
                connection,
                site=caller.site,
                actor=caller.name,
                action="policy.saved",
                subject=str(policy.version),
                facts=policy.as_facts(),
                now=now,
            )
    except IntegrityError as error:
        raise AlreadyDecided("Somebody saved another version meanwhile.", field="version") from error
    return saved
