"""Retraining: a site's verdicts become a candidate model, which is released only if it beats what is live."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from models.card import Card, read_card
from service.domain.errors import NotFound, RetrainingRefused
from service.domain.rights import Caller, Right
from service.moderation.comments.context import read_context
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.insights import audit_log
from service.store.learning import labelled_comments, site_models
from service.store.learning.labelled_comments import Example
from service.store.learning.site_models import StoredSiteModel

EXAMPLES_FILE = "examples.jsonl"


def retrain(runtime: Runtime, caller: Caller, *, seed: int = 0) -> StoredSiteModel:
    """Fits a head in a child process, compares it on verdicts that neither it nor what is live has learned, and
    promotes it if it is better.

    Raises RetrainingRefused with the child's reason where there is too little to learn from.
    """
    caller.require(Right.MANAGE)
    site, now = caller.site, runtime.clock()
    version = now.strftime("%Y.%m.%d.%H%M%S%f")
    with runtime.database.reading() as connection:
        live = site_models.live_version(connection, site=site)
    with _workshop(runtime, site) as workshop:
        export_examples(runtime, site, workshop / EXAMPLES_FILE, until=now)
        fitted = _fit_in_child(runtime, site=site, workshop=workshop, version=version, live=live, seed=seed, now=now)
        card = read_card(fitted)
        destination = runtime.settings.site_releases_dir / site / version
        destination.parent.mkdir(parents=True, exist_ok=True)
        fitted.rename(destination)
    return _enter_release(runtime, caller, card=card)


def promote(runtime: Runtime, caller: Caller, *, version: str) -> None:
    """Makes a fitted release live, whatever the gate said; raises NotFound."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        known = site_models.list_releases(connection, site=caller.site)
        if version not in {release.version for release in known}:
            raise NotFound("There is no release with this version.", field="version")
        site_models.promote_release(connection, site=caller.site, version=version, now=now)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="model.promoted",
            subject=version,
            details={},
            now=now,
        )


def roll_back(runtime: Runtime, caller: Caller) -> str | None:
    """Makes the release live that was before the present one; None when that leaves the base alone."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        live = site_models.live_version(connection, site=caller.site)
        if live is None:
            raise NotFound("This site has no model of its own to roll back.", field="version")
        earlier = [r for r in site_models.list_releases(connection, site=caller.site) if _was_live_before(r, live)]
        previous = max(earlier, key=lambda release: str(release.promoted_at), default=None)
        site_models.discard_live(connection, site=caller.site)
        if previous:
            site_models.restore_release(connection, site=caller.site, version=previous.version)
        audit_log.record(
            connection,
            site=caller.site,
            actor=caller.name,
            action="model.rolled_back",
            subject=live,
            details={"to": previous.version if previous else None},
            now=now,
        )
    return previous.version if previous else None


def list_releases(runtime: Runtime, caller: Caller) -> list[StoredSiteModel]:
    """The site's releases, newest first."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return site_models.list_releases(connection, site=caller.site)


def export_examples(runtime: Runtime, site: str, path: Path, *, until: datetime) -> None:
    """Writes the site's examples as JSON lines, for their owner's eyes only.

    What is decided after `until` is left out, so that the time on the model's card says what it cannot have learned.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file, runtime.database.reading() as connection:
        for example in labelled_comments.stream_examples(connection, site=site):
            if example.decided_at <= until:
                facts = _facts_of(runtime, connection, site=site, example=example)
                file.write(json.dumps(facts, ensure_ascii=False) + "\n")


def _facts_of(runtime: Runtime, connection: Connection, *, site: str, example: Example) -> dict[str, Any]:
    base = runtime.scorers.base
    # A comment may have been scored anew by this base, and still have the vector of an earlier one's encoder.
    is_scored = (example.model, example.encoder) == (base.version, base.encoder_identity)
    return {
        **asdict(example),
        "decided_at": example.decided_at.isoformat(),
        "received_at": example.received_at.isoformat(),
        "circumstances": None if is_scored else _context_of(runtime, connection, site=site, example=example),
    }


def _context_of(runtime: Runtime, connection: Connection, *, site: str, example: Example) -> dict[str, Any]:
    """What the child needs to score a comment again as the service would today.

    Today's thread and copies are not those of the day when the comment came: a comment that had none of its copies
    before it, being the first of a flood, is a copy now. That is so wherever a comment is scored again.
    """
    comment = comments.find_comment(connection, site=site, comment_id=example.comment_id)
    assert comment is not None  # its verdict refers to it
    to_comment = read_context(
        runtime,
        connection,
        site=site,
        comment_id=comment.id,
        article_id=comment.article_id,
        parent_id=comment.parent_id,
        author_id=comment.author_id,
        posted_at=comment.posted_at,
        text=example.text,
    )
    thread = [passage.text for passage in to_comment.thread]
    return {"language": to_comment.language, "copies": to_comment.copies, "thread": thread}


def _was_live_before(release: StoredSiteModel, live: str) -> bool:
    return release.state == "retired" and release.promoted_at is not None and release.version != live


@contextmanager
def _workshop(runtime: Runtime, site: str) -> Iterator[Path]:
    # The examples are readers' words: they are here while the child runs, for its eyes only, and what a killed process
    # left behind goes first.
    folder = runtime.settings.data_dir / "retraining" / site
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fit_in_child(
    runtime: Runtime, *, site: str, workshop: Path, version: str, live: str | None, seed: int, now: datetime
) -> Path:
    out = workshop / version
    command = [sys.executable, "-m", "training", "site"]
    command += ["--examples", str(workshop / EXAMPLES_FILE), "--out", str(out), "--seed", str(seed)]
    command += ["--base", str(runtime.settings.releases_dir / runtime.scorers.base.version)]
    # An installation knows no commit, but its version.
    code = f"commentdesk {importlib.metadata.version('commentdesk')}"
    command += ["--created-at", now.isoformat(), "--code-commit", code]
    # The child is told of it whatever it was fitted on, and decides as the service does whether it can be used.
    if live:
        command += ["--live", str(runtime.settings.site_releases_dir / site / live)]
    # The child needs our packages and nothing of our environment: no database address, no keys.
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  ours
    if child.returncode != 0:
        last = child.stderr.strip().splitlines()
        raise RetrainingRefused(last[-1] if last else "The child process ended without a word.")
    return out


def _enter_release(runtime: Runtime, caller: Caller, *, card: Card) -> StoredSiteModel:
    now = runtime.clock()
    better = bool(card.metrics.get("better"))
    release = StoredSiteModel(
        version=card.version,
        base=str(card.base),
        state="candidate" if better else "refused",
        gate_report=dict(card.metrics),
        created_at=now,
    )
    try:
        with runtime.database.writing() as connection:
            site_models.add_release(connection, site=caller.site, release=release)
            if better:
                site_models.promote_release(connection, site=caller.site, version=release.version, now=now)
            audit_log.record(
                connection,
                site=caller.site,
                actor=caller.name,
                action="model.released" if better else "model.refused",
                subject=release.version,
                details=dict(card.metrics),
                now=now,
            )
    except IntegrityError as error:
        raise RetrainingRefused("This version exists already.") from error
    return replace(release, state="live", promoted_at=now) if better else release
