"""Retraining: which verdicts are training data, and when a site model becomes live."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from models.card import Card, read_card
from models.comment import Assessment
from models.release import Release, newest_release, write_release
from models.site_model import MODEL_FILE, build_site_model
from service.cli.retrain import report_outcome
from service.domain.errors import NotFound, RetrainingRefused
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.intake.submit import Submission, revise, submit
from service.moderation.learning import retraining
from service.moderation.privacy.erasure import erase_comment
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.learning.labelled_comments import LabelledComment, stream_labelled_comments
from service.store.learning.site_models import StoredSiteModel, add_site_model, promote_site_model
from service.store.tables import revisions, scores
from service.store.vectors import pack
from tests.conftest import Clock
from tests.support.builders import INSULT, PRAISE, a_site
from tests.support.newsroom import many_comments
from tests.support.paths import RELEASED
from training.site_model.data import read_verdicts

OLD_BASE = "2026.1.0"


def labelled_comments_of(runtime: Runtime) -> list[LabelledComment]:
    with runtime.database.reading() as connection:
        return list(stream_labelled_comments(connection, site="gazette"))


def submit_and_decide(runtime: Runtime, operator: Caller, comment_id: str, outcome: Outcome) -> None:
    submit(runtime, operator, Submission(id=comment_id, article_id="tram", text=f"{INSULT} {comment_id}"))
    give_verdict(
        runtime, operator, VerdictInput(outcome=outcome, reason=RejectReason.TOXIC), SeenComment(comment_id=comment_id)
    )


def add_model(runtime: Runtime, version: str, *, state: str = "candidate") -> None:
    model = StoredSiteModel(version=version, base="b", state=state, gate_report={}, created_at=runtime.clock())
    with runtime.database.writing() as connection:
        add_site_model(connection, site="gazette", model=model)
        if state == "candidate":
            promote_site_model(connection, site="gazette", version=version, now=runtime.clock())


def decide_a_hundred(runtime: Runtime, operator: Caller) -> None:
    """Give a hundred verdicts on comments on ten articles."""
    for (comment, _), number in zip(many_comments(), range(100), strict=False):
        submit(runtime, operator, Submission(**comment))
        outcome = Outcome.APPROVE if number % 3 else Outcome.REJECT
        give_verdict(
            runtime,
            operator,
            VerdictInput(outcome=outcome, reason=RejectReason.SPAM),
            SeenComment(comment_id=comment["id"]),
        )


@pytest.fixture(scope="module")
def base() -> Release:
    return newest_release(RELEASED)


def read_exported(runtime: Runtime, folder: Path, base: Release) -> dict[str, Assessment]:
    """Export the verdicts and return what a fit would read, by comment."""
    path = folder / "exported.jsonl"
    retraining.export_examples(runtime, "gazette", path, until=runtime.clock())
    assessments = read_verdicts(path, base).assessments
    ids = [comment.comment_id for comment in labelled_comments_of(runtime)]
    return dict(zip(ids, assessments, strict=True))


def live_versions(runtime: Runtime, operator: Caller) -> list[str]:
    return [model.version for model in retraining.list_site_models(runtime, operator) if model.state == "live"]


def test_a_verdict_is_labelled_with_article_scores_and_embedding(runtime: Runtime) -> None:
    operator = a_site(runtime)
    register_article(
        runtime, operator, article_id="tram", article=ArticleInput(title="Tram", body="All about the tram.")
    )
    submit(runtime, operator, Submission(id="parent", article_id="tram", text=PRAISE))
    submit(runtime, operator, Submission(id="c-1", article_id="tram", text=INSULT, parent_id="parent"))
    give_verdict(
        runtime,
        operator,
        VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.TOXIC),
        SeenComment(comment_id="c-1"),
    )
    [example] = labelled_comments_of(runtime)
    assert (example.outcome, example.reason, example.queue_kinds) == ("reject", "toxic", ["held"])
    assert (example.article_title, example.parent_text) == ("Tram", PRAISE)
    assert example.model == runtime.scorers.base.version
    assert len(example.vector or ()) == 384


def test_automatic_decisions_are_never_labels(runtime: Runtime) -> None:
    operator = a_site(runtime)
    submit(runtime, operator, Submission(id="c-1", article_id="tram", text=PRAISE))
    submit(runtime, operator, Submission(id="c-2", article_id="tram", text=INSULT))
    assert labelled_comments_of(runtime) == []


def test_the_newest_verdict_on_each_revision_is_the_label(runtime: Runtime) -> None:
    operator = a_site(runtime)
    submit_and_decide(runtime, operator, "c-1", Outcome.REJECT)
    give_verdict(runtime, operator, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-1"))
    revise(runtime, operator, comment_id="c-1", text=f"{INSULT} Revised.")
    give_verdict(
        runtime,
        operator,
        VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.TOXIC),
        SeenComment(comment_id="c-1"),
    )
    assert [(e.revision, e.outcome) for e in labelled_comments_of(runtime)] == [(1, "approve"), (2, "reject")]


def test_erased_comments_are_no_training_data(runtime: Runtime) -> None:
    operator = a_site(runtime)
    submit_and_decide(runtime, operator, "c-1", Outcome.REJECT)
    erase_comment(runtime, operator, comment_id="c-1")
    assert labelled_comments_of(runtime) == []


def test_verdicts_of_another_site_are_not_used(runtime: Runtime) -> None:
    a_site(runtime, "gazette")
    submit_and_decide(runtime, a_site(runtime, "herald"), "c-1", Outcome.REJECT)
    assert labelled_comments_of(runtime) == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_too_few_verdicts_are_refused_with_the_number_needed(runtime: Runtime) -> None:
    operator = a_site(runtime)
    submit_and_decide(runtime, operator, "c-1", Outcome.REJECT)
    with pytest.raises(RetrainingRefused, match=r"1 verdicts.*50"):
        retraining.retrain(runtime, operator)
    assert not list((runtime.settings.data_dir / "retraining").glob("*"))


def test_roll_back_restores_the_earlier_model_and_then_the_base(runtime: Runtime, clock: Clock) -> None:
    operator = a_site(runtime)
    for version in ("1", "2"):
        add_model(runtime, version)
        clock.now += timedelta(days=1)
    assert live_versions(runtime, operator) == ["2"]
    assert retraining.roll_back(runtime, operator) == "1"
    assert live_versions(runtime, operator) == ["1"]
    assert retraining.roll_back(runtime, operator) is None
    assert live_versions(runtime, operator) == []


def test_a_refused_model_can_be_promoted_and_an_unknown_one_cannot(runtime: Runtime) -> None:
    operator = a_site(runtime)
    add_model(runtime, "1", state="refused")
    retraining.promote(runtime, operator, version="1")
    assert live_versions(runtime, operator) == ["1"]
    with pytest.raises(NotFound):
        retraining.promote(runtime, operator, version="2")


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_the_next_model_needs_verdicts_after_the_live_one(runtime: Runtime, clock: Clock) -> None:
    operator = a_site(runtime)
    decide_a_hundred(runtime, operator)
    first = retraining.retrain(runtime, operator)
    card = read_card(runtime.settings.site_releases_dir / "gazette" / first.version)
    assert (card.created_at, card.sources[0].rows, first.state) == (clock.now, 100, "live")
    assert card.code_commit.startswith("commentdesk ")
    clock.advance(days=7)
    with pytest.raises(RetrainingRefused, match="after the live model of 2026-11-22"):
        retraining.retrain(runtime, operator)


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_after_a_new_base_release_a_model_is_compared_with_it(
    runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    operator = a_site(runtime)
    card = Card(version="1", kind="site", created_at=runtime.clock(), seed=0, code_commit="", base=OLD_BASE)
    folder = runtime.settings.site_releases_dir / "gazette" / "1"
    write_release(folder, card, pipelines={MODEL_FILE: build_site_model()})
    add_model(runtime, "1")
    decide_a_hundred(runtime, operator)
    retrained = retraining.retrain(runtime, operator)
    assert retrained.gate_report["compared_with"]["version"] == runtime.scorers.base.version
    report_outcome(retrained)
    assert f"cannot be used: 1 (fitted on base {OLD_BASE}" in capsys.readouterr().out
    assert live_versions(runtime, operator) == [retrained.version]


def test_verdicts_from_another_base_are_scored_as_in_the_service(
    runtime: Runtime, clock: Clock, tmp_path: Path, base: Release
) -> None:
    operator = a_site(runtime, language="de")
    register_article(
        runtime, operator, article_id="tram", article=ArticleInput(title="Tram", body="All about the tram.")
    )
    served = {}
    for number, text in enumerate([PRAISE, "Buy the blue lamp in the shop on the corner today."] * 4 + ["Na klar."]):
        clock.advance(minutes=1)
        sent = Submission(id=f"c-{number}", article_id="tram", text=text, parent_id="c-0" if number == 4 else None)
        filed = submit(runtime, operator, sent)
        served[filed.comment.id] = filed.scores.scores
    for name in ("c-6", "c-7", "c-8"):
        give_verdict(runtime, operator, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id=name))
    with runtime.database.writing() as connection:
        connection.execute(update(scores).values(model=OLD_BASE))
    again = {name: dict(seen.scores) for name, seen in read_exported(runtime, tmp_path, base).items()}
    assert again == {name: pytest.approx(dict(served[name])) for name in again}


def test_an_embedding_by_another_encoder_is_not_used(runtime: Runtime, tmp_path: Path, base: Release) -> None:
    submit_and_decide(runtime, a_site(runtime), "c-1", Outcome.REJECT)
    with runtime.database.writing() as connection:
        connection.execute(update(revisions).values(encoder="another", vector=pack(np.zeros(384, dtype=np.float32))))
    vector = read_exported(runtime, tmp_path, base)["c-1"].vector
    assert vector is not None
    assert np.linalg.norm(vector) == pytest.approx(1)


def test_verdicts_after_the_export_time_are_left_out(runtime: Runtime, clock: Clock, tmp_path: Path) -> None:
    operator = a_site(runtime)
    submit_and_decide(runtime, operator, "c-1", Outcome.REJECT)
    started = clock.now
    clock.advance(seconds=1)
    submit_and_decide(runtime, operator, "c-2", Outcome.REJECT)
    retraining.export_examples(runtime, "gazette", tmp_path / "examples.jsonl", until=started)
    assert [line.split('"')[3] for line in (tmp_path / "examples.jsonl").read_text("utf-8").splitlines()] == ["c-1"]
