"""Retraining: what becomes an example, what a release's life is, and that the machine never learns from itself."""

from datetime import timedelta

import pytest

from service.domain.errors import NotFound, RetrainingRefused
from service.domain.policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller
from service.moderation import retraining
from service.moderation.articles import ArticleFacts, register_article
from service.moderation.desk import Desk
from service.moderation.erasure import erase_comment
from service.moderation.intake import Submission, revise, submit
from service.moderation.verdicts import give_verdict
from service.store.examples import Example, stream_examples
from service.store.releases import SiteRelease, add_release, promote_release
from tests.builders import INSULT, PRAISE, a_site
from tests.conftest import Clock


def examples_of(desk: Desk) -> list[Example]:
    with desk.database.reading() as connection:
        return list(stream_examples(connection, site="gazette"))


def submit_and_decide(desk: Desk, operator: Caller, comment_id: str, outcome: Outcome) -> None:
    submit(desk, operator, Submission(id=comment_id, article_id="tram", text=f"{INSULT} {comment_id}"))
    give_verdict(desk, operator, comment_id=comment_id, outcome=outcome, reason=RejectReason.TOXIC)


def release(desk: Desk, version: str, *, state: str = "candidate") -> None:
    made = SiteRelease(version=version, base="b", state=state, facts={}, created_at=desk.clock())
    with desk.database.writing() as connection:
        add_release(connection, site="gazette", release=made)
        if state == "candidate":
            promote_release(connection, site="gazette", version=version, now=desk.clock())


def live(desk: Desk, operator: Caller) -> list[str]:
    return [r.version for r in retraining.list_releases(desk, operator) if r.state == "live"]


def test_a_verdict_becomes_an_example_with_its_article_scores_and_embedding(desk: Desk) -> None:
    operator = a_site(desk)
    register_article(desk, operator, article_id="tram", facts=ArticleFacts(title="Tram", body="All about the tram."))
    submit(desk, operator, Submission(id="parent", article_id="tram", text=PRAISE))
    submit(desk, operator, Submission(id="c-1", article_id="tram", text=INSULT, parent_id="parent"))
    give_verdict(desk, operator, comment_id="c-1", outcome=Outcome.REJECT, reason=RejectReason.TOXIC)
    [example] = examples_of(desk)
    assert (example.outcome, example.reason, example.prompted_by) == ("reject", "toxic", ["held"])
    assert (example.article_title, example.parent_text) == ("Tram", PRAISE)
    assert example.model == desk.scorers.base.version
    assert len(example.vector or ()) == 384


def test_automatic_decisions_never_become_examples(desk: Desk) -> None:
    operator = a_site(desk)
    submit(desk, operator, Submission(id="c-1", article_id="tram", text=PRAISE))
    submit(desk, operator, Submission(id="c-2", article_id="tram", text=INSULT))
    assert examples_of(desk) == []


def test_the_newest_verdict_on_each_wording_counts(desk: Desk) -> None:
    operator = a_site(desk)
    submit_and_decide(desk, operator, "c-1", Outcome.REJECT)
    give_verdict(desk, operator, comment_id="c-1", outcome=Outcome.APPROVE)
    revise(desk, operator, comment_id="c-1", text=f"{INSULT} Revised.")
    give_verdict(desk, operator, comment_id="c-1", outcome=Outcome.REJECT, reason=RejectReason.TOXIC)
    assert [(e.revision, e.outcome) for e in examples_of(desk)] == [(1, "approve"), (2, "reject")]


def test_what_was_erased_is_never_learned_from(desk: Desk) -> None:
    operator = a_site(desk)
    submit_and_decide(desk, operator, "c-1", Outcome.REJECT)
    erase_comment(desk, operator, comment_id="c-1")
    assert examples_of(desk) == []


def test_another_sites_verdicts_stay_there(desk: Desk) -> None:
    a_site(desk, "gazette")
    submit_and_decide(desk, a_site(desk, "herald"), "c-1", Outcome.REJECT)
    assert examples_of(desk) == []


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_too_few_verdicts_are_refused_with_the_number_that_is_needed(desk: Desk) -> None:
    operator = a_site(desk)
    submit_and_decide(desk, operator, "c-1", Outcome.REJECT)
    with pytest.raises(RetrainingRefused, match=r"1 verdicts.*50"):
        retraining.retrain(desk, operator)
    assert not list((desk.settings.data_dir / "retraining").glob("*"))


def test_rolling_back_goes_to_what_was_live_before_and_then_to_the_base(desk: Desk, clock: Clock) -> None:
    operator = a_site(desk)
    for version in ("1", "2"):
        release(desk, version)
        clock.now += timedelta(days=1)
    assert live(desk, operator) == ["2"]
    assert retraining.roll_back(desk, operator) == "1"
    assert live(desk, operator) == ["1"]
    assert retraining.roll_back(desk, operator) is None
    assert live(desk, operator) == []


def test_a_refused_release_can_be_promoted_by_hand_and_an_unknown_one_cannot(desk: Desk) -> None:
    operator = a_site(desk)
    release(desk, "1", state="refused")
    retraining.promote(desk, operator, version="1")
    assert live(desk, operator) == ["1"]
    with pytest.raises(NotFound):
        retraining.promote(desk, operator, version="2")
