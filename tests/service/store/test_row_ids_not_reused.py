"""Numbers: none is given twice, so that what a page, a worker or another row knows by one is still that."""

import pytest

from service.domain.errors import AlreadyDecided, NotFound
from service.domain.policy.policy import Mode, Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import RIGHTS_OF_ROLE, Caller, Role
from service.moderation.articles.registration import ArticleInput, register_article
from service.moderation.comments import details as comments
from service.moderation.intake.submit import Submission, submit
from service.moderation.review import actions
from service.moderation.review.verdicts import SeenComment, VerdictInput, give_verdict
from service.moderation.runtime import Runtime
from service.store.review import escalations
from service.store.review.escalations import Escalation, Topic
from service.store.webhooks import deliveries, endpoints
from tests.conftest import Clock
from tests.support.builders import PRAISE, a_site

REJECT = VerdictInput(outcome=Outcome.REJECT, reason=RejectReason.TOXIC, source="desk")


def a_user(name: str) -> Caller:
    return Caller(site="gazette", name=f"user:{name}", rights=RIGHTS_OF_ROLE[Role.MODERATOR], user_id=name)


ANA, BO = a_user("ana"), a_user("bo")


def hold(runtime: Runtime, *ids: str) -> None:
    operator = a_site(runtime)
    register_article(runtime, operator, article_id="tram", article=ArticleInput(title="Tram", mode=Mode.PRE_MODERATED))
    for comment_id in ids:
        submit(runtime, operator, Submission(id=comment_id, article_id="tram", text=f"{PRAISE} {comment_id}"))


def see(comment_id: str) -> SeenComment:
    return SeenComment(comment_id=comment_id, revision=1)


def newest_verdict(runtime: Runtime, comment_id: str) -> int:
    return comments.read_comment(runtime, a_site(runtime), comment_id=comment_id).verdicts[-1].id


def tell_somebody(runtime: Runtime) -> tuple[str, int]:
    """A new endpoint, and the number of a delivery to it."""
    now = runtime.clock()
    with runtime.database.writing() as connection:
        endpoint = endpoints.add_endpoint(
            connection, site="gazette", url="https://a.example", secret="s", event_types=[], now=now
        )
        [number] = deliveries.add_event(
            connection, site="gazette", type="comment.decided", comment_id="c-1", data={}, now=now, due_at=now
        )
    return endpoint.id, number


def test_a_delivery_never_has_the_number_of_one_that_is_gone(runtime: Runtime) -> None:
    a_site(runtime)
    endpoint_id, gone = tell_somebody(runtime)
    with runtime.database.writing() as connection:
        endpoints.delete_endpoint(connection, site="gazette", endpoint_id=endpoint_id)
    assert tell_somebody(runtime)[1] > gone


def test_a_page_that_shows_a_verdict_which_was_taken_back_is_stale(runtime: Runtime) -> None:
    hold(runtime, "c-1")
    result = actions.decide(runtime, ANA, REJECT, see("c-1"))
    shown = newest_verdict(runtime, "c-1")
    actions.undo(runtime, ANA, action_id=result.action_id)
    actions.decide(runtime, BO, REJECT, see("c-1"))
    with pytest.raises(AlreadyDecided):
        give_verdict(
            runtime, ANA, VerdictInput(outcome=Outcome.APPROVE), SeenComment(comment_id="c-1", expected_verdict=shown)
        )


def test_an_old_page_takes_nothing_back_that_was_decided_since(runtime: Runtime, clock: Clock) -> None:
    hold(runtime, "c-1", "c-2")
    old = actions.decide(runtime, ANA, REJECT, see("c-1"))
    clock.advance(days=3)
    actions.decide(runtime, ANA, REJECT, see("c-2"))
    with pytest.raises(NotFound):
        actions.undo(runtime, ANA, action_id=old.action_id)
    assert newest_verdict(runtime, "c-2")


def test_an_escalation_never_has_the_number_of_one_that_was_taken_back(runtime: Runtime) -> None:
    hold(runtime, "c-1")
    escalation = Escalation(comment_id="c-1", topic=Topic.OTHER, note="", by="user:ana", at=runtime.clock())
    with runtime.database.writing() as connection:
        first = escalations.add_escalation(connection, site="gazette", escalation=escalation)
        escalations.delete_escalation(connection, number=first)
        assert escalations.add_escalation(connection, site="gazette", escalation=escalation) > first
