"""Policies: reading the one in force, saving a new version, and restoring an old one as a new version."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from service.domain.errors import AlreadyDecided, NotFound
from service.domain.policy.policy import Policy, normalise_host
from service.domain.rights import Caller, Right
from service.domain.text_validation import refuse_controls
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.policy import policies
from service.store.policy.policies import PolicyVersion

NEWER_VERSION = "Someone has saved a newer version in the meantime."


def read_policy(runtime: Runtime, caller: Caller) -> Policy:
    """Return the policy in force, with the recommended thresholds of the model release where the site has none."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.read_policy(connection, site=caller.site).with_defaults(
            runtime.scorers.base.recommended_thresholds
        )


def read_saved(runtime: Runtime, caller: Caller) -> Policy:
    """Return the newest version as it was saved, without recommended thresholds."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.read_policy(connection, site=caller.site)


def list_policies(runtime: Runtime, caller: Caller) -> list[PolicyVersion]:
    """Return every version as it was saved, newest first."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.list_policies(connection, site=caller.site)


def save_policy(
    runtime: Runtime, caller: Caller, *, changes: Mapping[str, Any], note: str, seen_version: int | None = None
) -> PolicyVersion:
    """Save the next version: the newest one with these fields changed.

    `seen_version` is the newest version that the person saw. Raises PolicyInvalid naming the field, and AlreadyDecided
    if there is a newer version.
    """

    def change(newest: Policy, _versions: list[PolicyVersion]) -> Policy:
        return replace(newest, **changed, version=newest.version + 1)

    changed = dict(changes)
    if "blocked_hosts" in changed:
        changed["blocked_hosts"] = tuple(map(normalise_host, changed["blocked_hosts"]))
    return _save(runtime, caller, change, note=note, seen_version=seen_version, details={})


def restore_policy(
    runtime: Runtime, caller: Caller, *, version: int, note: str = "", seen_version: int | None = None
) -> PolicyVersion:
    """Save a new version that equals an old one. Version 0 has the defaults of the model release.

    Raises NotFound, and AlreadyDecided as `save_policy` does.
    """

    def change(newest: Policy, versions: list[PolicyVersion]) -> Policy:
        known = {saved.policy.version: saved.policy for saved in versions} | {0: Policy()}
        if version not in known:
            raise NotFound("There is no policy with this version.", field="version")
        return replace(known[version], version=newest.version + 1)

    note = note or f"Back to version {version}"
    return _save(runtime, caller, change, note=note, seen_version=seen_version, details={"restored": version})


def _save(
    runtime: Runtime,
    caller: Caller,
    change: Callable[[Policy, list[PolicyVersion]], Policy],
    *,
    note: str,
    seen_version: int | None,
    details: dict[str, Any],
) -> PolicyVersion:
    caller.require_any(Right.EDIT, Right.MANAGE)
    refuse_controls(note, field="note")
    now = runtime.clock()
    try:
        with runtime.database.writing() as connection:
            versions = policies.list_policies(connection, site=caller.site)
            newest = versions[0].policy if versions else Policy()
            if seen_version is not None and seen_version != newest.version:
                raise AlreadyDecided(NEWER_VERSION, field="version")
            policy = change(newest, versions)
            saved = PolicyVersion(policy=policy, author=caller.name, note=note, created_at=now)
            policies.add_policy(connection, site=caller.site, saved=saved)
            details = {**policy.as_dict(), **details}
            audit_log.record(connection, caller, "policy.saved", subject=str(policy.version), now=now, **details)
    except IntegrityError as error:
        # Another transaction has saved the same version at the same time.
        raise AlreadyDecided(NEWER_VERSION, field="version") from error
    return saved
