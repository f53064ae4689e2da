"""Retraining: a new site model is fitted on a site's verdicts, and becomes live only if it is better than the present.

The fit runs in a child process, `python -m training`, because the service must not import training.
"""

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
from service.moderation.comments.context import Placement, read_context
from service.moderation.runtime import Runtime
from service.store.comments import comments
from service.store.insights import audit_log
from service.store.learning import labelled_comments, site_models
from service.store.learning.labelled_comments import LabelledComment
from service.store.learning.site_models import StoredSiteModel

EXAMPLES_FILE = "examples.jsonl"


def retrain(runtime: Runtime, caller: Caller, *, seed: int = 0) -> StoredSiteModel:
    """Fit a site model, compare it with the live model, and promote it if it is better.

    They are compared on verdicts that neither was fitted on. Raises RetrainingRefused with the child's reason, for
    example if there are too few verdicts.
    """
    caller.require(Right.MANAGE)
    site, now = caller.site, runtime.clock()
    version = now.strftime("%Y.%m.%d.%H%M%S%f")
    with runtime.database.reading() as connection:
        live = site_models.live_version(connection, site=site)
    with _workspace(runtime, site) as workspace:
        export_examples(runtime, site, workspace / EXAMPLES_FILE, until=now)
        fitted = _fit_in_child(runtime, site=site, workspace=workspace, version=version, live=live, seed=seed, now=now)
        card = read_card(fitted)
        destination = runtime.settings.site_releases_dir / site / version
        destination.parent.mkdir(parents=True, exist_ok=True)
        fitted.rename(destination)
    return _register_model(runtime, caller, card=card)


def promote(runtime: Runtime, caller: Caller, *, version: str) -> None:
    """Make a fitted site model live, whatever its comparison showed. Raises NotFound."""
    caller.require(Right.MANAGE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        known = site_models.list_site_models(connection, site=caller.site)
        if version not in {model.version for model in known}:
            raise NotFound("There is no site model with this version.", field="version")
        site_models.promote_site_model(connection, site=caller.site, version=version, now=now)
        audit_log.record(connection, caller, "model.promoted", subject=version, now=now)


def roll_back(runtime: Runtime, caller: Caller) -> str | None:
    """Discard the live site model and make the one before it live. Return its version, or None if there is none.

    Raises NotFound if the site has no live model.
    """
    caller.require(Right.MANAGE)
    now = runtime.clock()
    with runtime.database.writing() as connection:
        live = site_models.live_version(connection, site=caller.site)
        if live is None:
            raise NotFound("This site has no model of its own to roll back.", field="version")
        models = site_models.list_site_models(connection, site=caller.site)
        earlier = [model for model in models if _was_live_before(model, live)]
        previous = max(earlier, key=lambda model: str(model.promoted_at), default=None)
        site_models.discard_live_model(connection, site=caller.site)
        if previous:
            site_models.restore_site_model(connection, site=caller.site, version=previous.version)
        version = previous.version if previous else None
        audit_log.record(connection, caller, "model.rolled_back", subject=live, now=now, to=version)
    return version


def list_site_models(runtime: Runtime, caller: Caller) -> list[StoredSiteModel]:
    """Return the site's models, newest first."""
    caller.require(Right.MODERATE)
    with runtime.database.reading() as connection:
        return site_models.list_site_models(connection, site=caller.site)


def export_examples(runtime: Runtime, site: str, path: Path, *, until: datetime) -> None:
    """Write the site's verdicts as JSON lines to a new file that only its owner can read.

    Verdicts after `until` are left out: it is the time on the model's card, and later verdicts can test the model.
    """
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file, runtime.database.reading() as connection:
        for example in labelled_comments.stream_labelled_comments(connection, site=site):
            if example.decided_at <= until:
                row = _example_to_row(runtime, connection, site=site, example=example)
                file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _example_to_row(runtime: Runtime, connection: Connection, *, site: str, example: LabelledComment) -> dict[str, Any]:
    base = runtime.scorers.base
    # Scores by the present base release may go with an embedding by the encoder of an earlier one.
    is_scored = (example.model, example.encoder) == (base.version, base.encoder_hash)
    return {
        **asdict(example),
        "decided_at": example.decided_at.isoformat(),
        "received_at": example.received_at.isoformat(),
        "context": None if is_scored else _context_of(runtime, connection, site=site, example=example),
    }


def _context_of(runtime: Runtime, connection: Connection, *, site: str, example: LabelledComment) -> dict[str, Any]:
    """Return what the child needs to score a comment again in the way the service would score it today.

    The thread and the number of near-duplicates may differ from those of the time when the comment arrived. The first
    comment of a flood had none then, and has some now. That is so whenever a comment is scored again.
    """
    comment = comments.require_comment(connection, site=site, comment_id=example.comment_id)
    context = read_context(runtime, connection, Placement.of(comment), text=example.text)
    thread = [passage.text for passage in context.thread]
    return {"language": context.language, "copies": context.copies, "thread": thread}


def _was_live_before(model: StoredSiteModel, live: str) -> bool:
    return model.state == "retired" and model.promoted_at is not None and model.version != live


@contextmanager
def _workspace(runtime: Runtime, site: str) -> Iterator[Path]:
    # The folder has readers' texts. Only its owner can read it, and it is deleted after the fit, or before the next
    # one if this process is killed.
    folder = runtime.settings.data_dir / "retraining" / site
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _fit_in_child(
    runtime: Runtime, *, site: str, workspace: Path, version: str, live: str | None, seed: int, now: datetime
) -> Path:
    out = workspace / version
    command = [sys.executable, "-m", "training", "fit-site-model"]
    command += ["--examples", str(workspace / EXAMPLES_FILE), "--out", str(out), "--seed", str(seed)]
    command += ["--base", str(runtime.settings.releases_dir / runtime.scorers.base.version)]
    # An installed package has a version and no commit.
    code = f"commentdesk {importlib.metadata.version('commentdesk')}"
    command += ["--created-at", now.isoformat(), "--code-commit", code]
    # The live model may have been fitted on another base release. The child checks whether it can be used.
    if live:
        command += ["--live", str(runtime.settings.site_releases_dir / site / live)]
    # The child needs the same packages, but no other part of the environment, such as the database URL or keys.
    environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  a fixed command
    if child.returncode != 0:
        error_lines = child.stderr.strip().splitlines()
        raise RetrainingRefused(error_lines[-1] if error_lines else "The child process failed without a message.")
    return out


def _register_model(runtime: Runtime, caller: Caller, *, card: Card) -> StoredSiteModel:
    now = runtime.clock()
    is_better = bool(card.metrics.get("better"))
    model = StoredSiteModel(
        version=card.version,
        base=str(card.base),
        state="candidate" if is_better else "refused",
        gate_report=dict(card.metrics),
        created_at=now,
    )
    try:
        with runtime.database.writing() as connection:
            site_models.add_site_model(connection, site=caller.site, model=model)
            if is_better:
                site_models.promote_site_model(connection, site=caller.site, version=model.version, now=now)
            action = "model.released" if is_better else "model.refused"
            audit_log.record(connection, caller, action, subject=model.version, now=now, **card.metrics)
    except IntegrityError as error:
        raise RetrainingRefused("This version exists already.") from error
    return replace(model, state="live", promoted_at=now) if is_better else model
