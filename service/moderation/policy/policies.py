"""Policies: reading the one in force, saving a new version, and going back to an old one by saving it anew."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from service.domain.errors import AlreadyDecided, NotFound
from service.domain.policy.rules import Policy, read_host
from service.domain.rights import Caller, Right
from service.domain.text_validation import refuse_controls
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.policy import policies
from service.store.policy.policies import PolicyVersion


def read_policy(runtime: Runtime, caller: Caller) -> Policy:
    """The policy in force, with the release's thresholds where the site states none."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.read_policy(connection, site=caller.site).with_defaults(
            runtime.scorers.base.recommended_thresholds
        )


def read_saved(runtime: Runtime, caller: Caller) -> Policy:
    """The newest version as it was saved: without the release's thresholds."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.read_policy(connection, site=caller.site)


def list_policies(runtime: Runtime, caller: Caller) -> list[PolicyVersion]:
    """Every version as it was saved, newest first."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.list_policies(connection, site=caller.site)


def save_policy(
    runtime: Runtime, caller: Caller, *, changes: Mapping[str, Any], note: str, seen_version: int | None = None
) -> PolicyVersion:
    """Saves the next version: the newest one with these fields changed.

    `seen_version` is the newest one that the person looked at. Raises PolicyInvalid naming the field, AlreadyDecided
    where there is a newer one.
    """

    def change(newest: Policy, _versions: list[PolicyVersion]) -> Policy:
        return replace(newest, **changed, version=newest.version + 1)

    changed = dict(changes)
    if "blocked_hosts" in changed:
        changed["blocked_hosts"] = tuple(map(read_host, changed["blocked_hosts"]))
    return _save(runtime, caller, change, note=note, seen_version=seen_version, facts={})


def restore_policy(
    runtime: Runtime, caller: Caller, *, version: int, note: str = "", seen_version: int | None = None
) -> PolicyVersion:
    """Saves a new version that is equal to an old one; version 0 is the release's own. Nothing is ever deleted.

    Raises NotFound, and AlreadyDecided as saving does.
    """

    def change(newest: Policy, versions: list[PolicyVersion]) -> Policy:
        known = {saved.policy.version: saved.policy for saved in versions} | {0: Policy()}
        if version not in known:
            raise NotFound("There is no policy with this version.", field="version")
        return replace(known[version], version=newest.version + 1)

    note = note or f"Back to version {version}"
    return _save(runtime, caller, change, note=note, seen_version=seen_version, facts={"restored": version})


def _save(
    runtime: Runtime,
    caller: Caller,
    change: Callable[[Policy, list[PolicyVersion]], Policy],
    *,
    note: str,
    seen_version: int | None,
    facts: dict[str, Any],
) -> PolicyVersion:
    if Right.EDIT not in caller.rights:
        caller.require(Right.MANAGE)
    refuse_controls(note, field="note")
    now = runtime.clock()
    try:
        with runtime.database.writing() as connection:
            versions = policies.list_policies(connection, site=caller.site)
            newest = versions[0].policy if versions else Policy()
            if seen_version is not None and seen_version != newest.version:
                raise AlreadyDecided("Somebody saved another version meanwhile.", field="version")
            policy = change(newest, versions)
            saved = PolicyVersion(policy=policy, author=caller.name, note=note, created_at=now)
            policies.add_policy(connection, site=caller.site, saved=saved)
            audit_log.record(
                connection,
                site=caller.site,
                actor=caller.name,
                action="policy.saved",
                subject=str(policy.version),
                details={**policy.as_facts(), **facts},
                now=now,
            )
    except IntegrityError as error:
        raise AlreadyDecided("Somebody saved another version meanwhile.", field="version") from error
    return saved
