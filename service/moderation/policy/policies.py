"""Policies: reading the policy in force, saving a new version, and restoring an old version as a new one."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy.exc import IntegrityError

from service.domain.errors import NotFound, PolicyChanged
from service.domain.policy.site_policy import Policy, normalise_host
from service.domain.rights import Caller, Right
from service.domain.text_validation import check_no_control_characters
from service.moderation.runtime import Runtime
from service.store.insights import audit_log
from service.store.policy import policies
from service.store.policy.policies import PolicyVersion

BuildPolicy = Callable[[Policy, list[PolicyVersion]], Policy]
"""Builds the next version from the newest one and the list of all saved ones."""


def read_policy(runtime: Runtime, caller: Caller) -> Policy:
    """Return the policy in force, with the recommended thresholds of the model release where the site has none."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return policies.read_policy(connection, site=caller.site).with_defaults(
            runtime.scorers.base.recommended_thresholds
        )


def read_saved_policy(runtime: Runtime, caller: Caller) -> Policy:
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
    """Save the next version: the newest one with new values for the fields in `changes`.

    `seen_version` is the newest version that the person saw. Raises PolicyInvalid naming the field, and PolicyChanged
    if there is a newer version.
    """
    new_values = dict(changes)
    if "blocked_hosts" in new_values:
        new_values["blocked_hosts"] = tuple(map(normalise_host, new_values["blocked_hosts"]))

    def build(newest: Policy, _versions: list[PolicyVersion]) -> Policy:
        return replace(newest, **new_values, version=newest.version + 1)

    return _save(runtime, caller, build, note=note, seen_version=seen_version, audit_details={})


def restore_policy(
    runtime: Runtime, caller: Caller, *, version: int, note: str = "", seen_version: int | None = None
) -> PolicyVersion:
    """Save a new version that equals an old one.

    Raises NotFound, and PolicyChanged as `save_policy` does.
    """

    def build(newest: Policy, versions: list[PolicyVersion]) -> Policy:
        # Version 0 is not saved: it is the policy of a new site, with the thresholds of the model release.
        known = {saved.policy.version: saved.policy for saved in versions} | {0: Policy()}
        if version not in known:
            raise NotFound("There is no policy with this version.", field="version")
        return replace(known[version], version=newest.version + 1)

    note = note or f"Back to version {version}"
    return _save(runtime, caller, build, note=note, seen_version=seen_version, audit_details={"restored": version})


def _save(
    runtime: Runtime,
    caller: Caller,
    build: BuildPolicy,
    *,
    note: str,
    seen_version: int | None,
    audit_details: dict[str, Any],
) -> PolicyVersion:
    caller.require_any(Right.EDIT, Right.MANAGE)
    check_no_control_characters(note, field="note")
    now = runtime.clock()
    try:
        with runtime.database.writing() as connection:
            versions = policies.list_policies(connection, site=caller.site)
            newest = versions[0].policy if versions else Policy()
            if seen_version is not None and seen_version != newest.version:
                raise PolicyChanged(field="version")
            policy = build(newest, versions)
            saved = PolicyVersion(policy=policy, author=caller.name, note=note, created_at=now)
            policies.add_policy(connection, site=caller.site, saved=saved)
            audit_details = {**policy.as_dict(), **audit_details}
            audit_log.record(connection, caller, "policy.saved", subject=str(policy.version), now=now, **audit_details)
    except IntegrityError as error:
        # Another transaction has saved the same version at the same time.
        raise PolicyChanged(field="version") from error
    return saved
