"""Deciding on the desk: claims keep two people apart, a stroke can be taken back until the webhook leaves."""

from dataclasses import replace
from datetime import timedelta

import pytest

from service.domain.errors import AlreadyDecided, ClaimedElsewhere, NotAllowed, NotFound, TooLateToUndo
from service.domain.policy import Mode, Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation import claims, comments, complaints, escalation, people, queueing, strokes
from service.moderation.articles import ArticleFacts, register_article
from service.moderation.desk import Desk
from service.moderation.intake import Submission, revise, submit
from service.moderation.strokes import Choice
from service.moderation.verdicts import Word, give_verdict
from service.store import deliveries, endpoints, erasure
from service.store.escalations import Topic
from service.store.queue import Kind
from service.store.strokes import find_stroke, list_steps
from tests.builders import PRAISE, a_site
from tests.conftest import Clock

APPROVE = Word(outcome=Outcome.APPROVE, source="page")
REJECT = Word(outcome=Outcome.REJECT, reason=RejectReason.TOXIC, source="page")


def a_person(desk: Desk, name: str, role: Role = Role.MODERATOR) -> Caller:
    operator = a_site(desk)
    person = people.add_person(desk, operator, email=f"{name}@news.example", name=name.title(), role=role)
    return Caller(site="gazette", name=f"person:{person.id}", rights=RIGHTS_OF_ROLE[role], person_id=person.id)


@pytest.fixture
def ana(desk: Desk) -> Caller:
    return a_person(desk, "ana")


@pytest.fixture
def bo(desk: Desk) -> Caller:
    return a_person(desk, "bo")


def hold(desk: Desk, *ids: str) -> None:
    operator = a_site(desk)
    register_article(desk, operator, article_id="tram", facts=ArticleFacts(title="Tram", mode=Mode.PRE_MODERATED))
    for number, comment_id in enumerate(ids):
        submit(desk, operator, Submission(id=comment_id, article_id="tram", text=f"{PRAISE} {number}"))


def an_endpoint(desk: Desk) -> None:
    a_site(desk)
    with desk.database.writing() as connection:
        endpoints.add_endpoint(
            connection, site="gazette", url="http://127.0.0.1:9/", secret="whsec_x", event_types=[], now=desk.clock()
        )


def see(comment_id: str, seen_verdict: int = 0) -> Choice:
    return Choice(comment_id=comment_id, revision=1, seen_verdict=seen_verdict)


def file(desk: Desk, comment_id: str) -> comments.CommentFile:
    return comments.read_comment(desk, a_site(desk), comment_id=comment_id)


def waiting(desk: Desk, caller: Caller) -> list[str]:
    return sorted(entry.comment_id for entry in queueing.read_queue(desk, caller).entries)


def test_a_claimed_comment_is_nobody_else_s_next(desk: Desk, ana: Caller, bo: Caller) -> None:
    hold(desk, "c-1", "c-2")
    first = queueing.find_next(desk, ana)
    assert first
    assert claims.claim_comment(desk, ana, comment_id=first.comment_id) is None
    second = queueing.find_next(desk, bo)
    assert second
    assert {first.comment_id, second.comment_id} == {"c-1", "c-2"}


def test_a_claimed_comment_is_not_decided_by_another(desk: Desk, ana: Caller, bo: Caller) -> None:
    hold(desk, "c-1")
    claims.claim_comment(desk, ana, comment_id="c-1")
    with pytest.raises(ClaimedElsewhere, match="Ana"):
        strokes.decide(desk, bo, APPROVE, see("c-1"))
    assert not file(desk, "c-1").verdicts


def test_a_claim_runs_out_when_nobody_does_anything(desk: Desk, ana: Caller, bo: Caller, clock: Clock) -> None:
    hold(desk, "c-1")
    claims.claim_comment(desk, ana, comment_id="c-1")
    assert claims.claim_comment(desk, bo, comment_id="c-1").person_name == "Ana"  # type: ignore[union-attr]  # is hers
    clock.advance(seconds=desk.settings.claim_seconds)
    assert claims.claim_comment(desk, bo, comment_id="c-1") is None
    assert queueing.find_next(desk, ana) is None


def test_a_late_word_of_leaving_does_not_end_what_was_opened_again(desk: Desk, ana: Caller, clock: Clock) -> None:
    hold(desk, "c-1")
    left_at = clock()
    claims.claim_comment(desk, ana, comment_id="c-1")
    clock.advance(seconds=1)
    claims.claim_comment(desk, ana, comment_id="c-1")
    claims.let_go(desk, ana, comment_ids=["c-1"], seen=left_at)
    assert "c-1" in claims.list_claims(desk, ana, comment_ids=["c-1"])
    claims.let_go(desk, ana, comment_ids=["c-1"], seen=clock())
    assert claims.list_claims(desk, ana, comment_ids=["c-1"]) == {}


def test_a_claim_can_be_given_up_and_taken_over(desk: Desk, ana: Caller, bo: Caller) -> None:
    hold(desk, "c-1")
    claims.claim_comment(desk, ana, comment_id="c-1")
    claims.let_go(desk, bo, comment_ids=["c-1"])
    assert claims.claim_comment(desk, bo, comment_id="c-1") is not None
    assert claims.claim_comment(desk, bo, comment_id="c-1", by_force=True) is None
    claims.let_go(desk, bo, comment_ids=["c-1"])
    assert claims.list_claims(desk, ana, comment_ids=["c-1"]) == {}


def test_a_late_decision_is_no_second_one(desk: Desk, ana: Caller, bo: Caller, clock: Clock) -> None:
    hold(desk, "c-1")
    claims.claim_comment(desk, ana, comment_id="c-1")
    clock.advance(minutes=5)
    strokes.decide(desk, bo, REJECT, see("c-1"))
    with pytest.raises(AlreadyDecided):
        strokes.decide(desk, ana, APPROVE, see("c-1"))
    assert [verdict.by for verdict in file(desk, "c-1").verdicts] == [bo.name]


def test_a_decision_sent_twice_is_one(desk: Desk, ana: Caller) -> None:
    hold(desk, "c-1")
    for _ in range(2):
        assert strokes.decide(desk, ana, APPROVE, see("c-1")).decided == 1
    assert len(file(desk, "c-1").verdicts) == 1


def test_a_decision_sent_twice_is_undone_by_either_answer(desk: Desk, ana: Caller) -> None:
    hold(desk, "c-1", "c-2")
    choices = [see("c-1"), see("c-2")]
    first, again = (strokes.decide_many(desk, ana, REJECT, choices) for _ in range(2))
    assert (again.stroke_id, again.until) == (first.stroke_id, first.until)
    assert strokes.undo(desk, ana, stroke_id=again.stroke_id) == ["c-1", "c-2"]
    assert file(desk, "c-1").verdicts == ()
    assert waiting(desk, ana) == ["c-1", "c-2"]


def test_a_stroke_that_decided_nothing_is_none(desk: Desk, ana: Caller, bo: Caller) -> None:
    hold(desk, "c-1")
    strokes.decide(desk, bo, APPROVE, see("c-1"))
    struck = strokes.decide_many(desk, ana, REJECT, [see("c-1")])
    assert (struck.stroke_id, struck.decided) == (0, 0)
    with pytest.raises(NotFound):
        strokes.undo(desk, ana, stroke_id=struck.stroke_id)


def test_undoing_puts_everything_back(desk: Desk, ana: Caller) -> None:
    an_endpoint(desk)
    hold(desk, "c-1")
    complaints.appeal_decision(desk, a_site(desk), comment_id="c-1", statement="Please look.")
    before = queueing.read_queue(desk, ana, kind=Kind.HELD).entries
    struck = strokes.decide(desk, ana, REJECT, see("c-1"))
    assert waiting(desk, ana) == []
    assert strokes.undo(desk, ana, stroke_id=struck.stroke_id) == ["c-1"]
    after = file(desk, "c-1")
    assert (after.comment.state, after.verdicts, after.appeals[0].decided_at) == ("held", (), None)
    assert [replace(entry, id=0) for entry in queueing.read_queue(desk, ana, kind=Kind.HELD).entries] == [
        replace(entry, id=0) for entry in before
    ]
    assert queueing.read_counts(desk, ana).kinds == {Kind.HELD: 1, Kind.REPORTED: 0, Kind.AUDIT: 0, Kind.APPEAL: 1}


def test_the_webhook_waits_for_the_undo_and_goes_with_it(desk: Desk, ana: Caller, clock: Clock) -> None:
    an_endpoint(desk)
    hold(desk, "c-1", "c-2")
    clock.advance(seconds=1)
    struck = strokes.decide(desk, ana, REJECT, see("c-1"))
    give_verdict(desk, ana, comment_id="c-2", outcome=Outcome.APPROVE)
    with desk.database.reading() as connection:
        due = len(deliveries.find_due(connection, now=clock(), limit=99))
        later = len(deliveries.find_due(connection, now=struck.until, limit=99))
    assert later - due == 1, "the page's verdict waits, the API's does not"
    strokes.undo(desk, ana, stroke_id=struck.stroke_id)
    with desk.database.reading() as connection:
        assert len(deliveries.find_due(connection, now=struck.until, limit=99)) == due


def test_undoing_twice_is_undoing(desk: Desk, ana: Caller) -> None:
    hold(desk, "c-1")
    struck = strokes.decide(desk, ana, APPROVE, see("c-1"))
    assert strokes.undo(desk, ana, stroke_id=struck.stroke_id) == strokes.undo(desk, ana, stroke_id=struck.stroke_id)
    assert strokes.decide(desk, ana, REJECT, see("c-1")).decided == 1


def test_it_gets_too_late_to_undo(desk: Desk, ana: Caller, clock: Clock) -> None:
    hold(desk, "c-1")
    struck = strokes.decide(desk, ana, APPROVE, see("c-1"))
    clock.advance(seconds=desk.settings.undo_seconds)
    with pytest.raises(TooLateToUndo):
        strokes.undo(desk, ana, stroke_id=struck.stroke_id)
    assert file(desk, "c-1").comment.state == "approved"


def test_a_webhook_that_is_on_its_way_is_not_taken_back(desk: Desk, ana: Caller, clock: Clock) -> None:
    an_endpoint(desk)
    hold(desk, "c-1")
    clock.advance(seconds=1)
    struck = strokes.decide(desk, ana, APPROVE, see("c-1"))
    with desk.database.writing() as connection:
        (number,) = set(deliveries.find_due(connection, now=struck.until, limit=99)) - set(
            deliveries.find_due(connection, now=clock(), limit=99)
        )
        # Another machine's clock is a little ahead.
        deliveries.take_delivery(
            connection, delivery_id=number, now=struck.until, leased_until=struck.until + timedelta(minutes=1)
        )
    with pytest.raises(TooLateToUndo):
        strokes.undo(desk, ana, stroke_id=struck.stroke_id)
    assert len(file(desk, "c-1").verdicts) == 1


def test_only_one_s_own_stroke_can_be_undone(desk: Desk, ana: Caller, bo: Caller) -> None:
    hold(desk, "c-1")
    struck = strokes.decide(desk, ana, APPROVE, see("c-1"))
    with pytest.raises(NotFound):
        strokes.undo(desk, bo, stroke_id=struck.stroke_id)


def test_many_are_decided_and_undone_at_once(desk: Desk, ana: Caller, bo: Caller) -> None:
    hold(desk, *(f"c-{number}" for number in range(60)))
    claims.claim_comment(desk, bo, comment_id="c-7")
    give_verdict(desk, bo, comment_id="c-8", outcome=Outcome.APPROVE)
    struck = strokes.decide_many(desk, ana, REJECT, [see(f"c-{number}") for number in range(60)])
    assert struck.decided == 58
    assert {type(error) for error in struck.refused.values()} == {ClaimedElsewhere, AlreadyDecided}
    assert len(strokes.undo(desk, ana, stroke_id=struck.stroke_id)) == 58
    assert len(waiting(desk, ana)) == 50
    assert queueing.read_counts(desk, ana).comments == 59


def test_what_is_escalated_is_out_of_the_way_of_others(desk: Desk, ana: Caller) -> None:
    hold(desk, "c-1", "c-2")
    escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.THREAT, note="He names her street.")
    assert waiting(desk, ana) == ["c-2"]
    counts = queueing.read_counts(desk, ana)
    assert (counts.comments, counts.escalated, counts.kinds[Kind.HELD]) == (1, 1, 1)
    with pytest.raises(AlreadyDecided):
        escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.OTHER)


def test_an_escalation_can_be_undone_handed_back_or_decided(desk: Desk, ana: Caller) -> None:
    eve = a_person(desk, "eve", Role.EDITOR)
    hold(desk, "c-1", "c-2", "c-3")
    strokes.undo(desk, ana, stroke_id=escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.LEGAL))
    escalation.escalate(desk, ana, comment_id="c-2", topic=Topic.LEGAL)
    with pytest.raises(NotAllowed):
        escalation.hand_back(desk, ana, comment_id="c-2")
    escalation.hand_back(desk, eve, comment_id="c-2")
    assert waiting(desk, ana) == ["c-1", "c-2", "c-3"]
    escalation.escalate(desk, ana, comment_id="c-3", topic=Topic.SELF_HARM)
    struck = strokes.decide(desk, eve, APPROVE, see("c-3"))
    strokes.undo(desk, eve, stroke_id=struck.stroke_id)
    assert queueing.read_counts(desk, ana).escalated == 1


def test_an_escalation_is_not_undone_once_somebody_has_decided(desk: Desk, ana: Caller) -> None:
    eve = a_person(desk, "eve", Role.EDITOR)
    hold(desk, "c-1")
    stroke_id = escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.LEGAL)
    strokes.decide(desk, eve, APPROVE, see("c-1"))
    with pytest.raises(TooLateToUndo):
        strokes.undo(desk, ana, stroke_id=stroke_id)
    assert file(desk, "c-1").comment.state == "approved"
    assert waiting(desk, eve) == []


def test_an_escalation_is_not_undone_once_the_comment_was_revised(desk: Desk, ana: Caller) -> None:
    hold(desk, "c-1")
    stroke_id = escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.LEGAL)
    revise(desk, a_site(desk), comment_id="c-1", text=f"{PRAISE} And it is quiet.")
    with pytest.raises(TooLateToUndo):
        strokes.undo(desk, ana, stroke_id=stroke_id)


def test_a_comment_that_stood_waits_once_it_is_escalated(desk: Desk, ana: Caller) -> None:
    hold(desk, "c-1")
    give_verdict(desk, ana, comment_id="c-1", outcome=Outcome.APPROVE)
    stroke_id = escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.OTHER)
    assert queueing.read_counts(desk, ana).escalated == 1
    strokes.undo(desk, ana, stroke_id=stroke_id)
    assert queueing.read_counts(desk, ana).escalated == 0


def test_erasing_reaches_what_the_desk_remembers(desk: Desk, ana: Caller, clock: Clock) -> None:
    hold(desk, "c-1")
    stroke_id = escalation.escalate(desk, ana, comment_id="c-1", topic=Topic.OTHER, note="Writes like Kim.")
    claims.claim_comment(desk, ana, comment_id="c-1")
    with desk.database.writing() as connection:
        erasure.erase_words(connection, site="gazette", comment_id="c-1", now=clock())
        assert list_steps(connection, stroke_id=stroke_id) == []
        assert find_stroke(connection, site="gazette", stroke_id=stroke_id)
    assert claims.list_claims(desk, ana, comment_ids=["c-1"]) == {}


def test_the_steps_to_take_are_the_site_s_own_words(desk: Desk, ana: Caller) -> None:
    eve = a_person(desk, "eve", Role.EDITOR)
    with pytest.raises(NotAllowed):
        escalation.write_steps(desk, ana, topic=Topic.THREAT, words="Call the desk.")
    escalation.write_steps(desk, eve, topic=Topic.THREAT, words="Call the night desk, then the police.")
    assert escalation.read_steps(desk, ana)[Topic.THREAT].words == "Call the night desk, then the police."
    escalation.write_steps(desk, eve, topic=Topic.THREAT, words=" ")
    assert escalation.read_steps(desk, ana) == {}
