"""Coral's moderation phase: Coral sends a comment before it saves it, and gets the decision in the response."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

from service.domain.errors import CommentErased, TextInvalid
from service.domain.rights import Caller
from service.domain.states import CommentState
from service.domain.text_validation import blank_control_characters
from service.moderation.articles.lookup import find_article_id
from service.moderation.comments.author_ids import stored_author_id
from service.moderation.intake.external import ExternalComment, ingest
from service.moderation.runtime import Runtime
from service.store.comments import external_ids
from service.store.review import verdicts

SOURCE = "coral"
EDITED_WITHIN = timedelta(hours=1)
STAFF = frozenset({"STAFF", "MODERATOR", "ADMIN"})

_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|blockquote|li|h[1-6])>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|b|i|u|s|p|em|ul|ol|li|br|div|span|strong|blockquote|sup|sub|h[1-6])(?:\s[^<>]*)?/?>", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A comment as Coral sends it. It has no id yet, even if it is an edit."""

    body: str
    is_edit: bool
    parent_id: str | None
    author_id: str | None
    role: str
    story_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseResult:
    """The state of the comment, the rule that decided it, and the reason of a verdict on the same text, if any."""

    state: CommentState
    rule: str = ""
    reason: str | None = None


def moderate(runtime: Runtime, caller: Caller, phase: Phase) -> PhaseResult | None:
    """Decide and store the comment. Return None for an empty or erased comment, and for comments by staff.

    A comment that is sent again is not stored again. As in Coral itself, staff is not moderated.
    """
    text = strip_html(phase.body)
    if not text.strip() or phase.role in STAFF:
        return None
    try:
        recorded = ingest(runtime, caller, _to_external_comment(runtime, caller, phase, text))
    except TextInvalid:
        # The comment is too long to be scored, so a person has to review it.
        return PhaseResult(state=CommentState.HELD)
    except CommentErased:
        return None
    with runtime.database.reading() as connection:
        newest = verdicts.latest_verdict(connection, site=caller.site, comment_id=recorded.comment.id)
    verdict = newest if newest and newest.revision == recorded.comment.revision else None
    return PhaseResult(
        state=recorded.comment.state, rule=recorded.decision.rule, reason=verdict.reason if verdict else None
    )


def strip_html(body: str) -> str:
    """Return the text of a body. Coral sends HTML or plain text, depending on its settings."""
    if _TAG.search(body):
        body = html.unescape(_TAG.sub("", _BREAK.sub("\n", body)))
    return blank_control_characters(body).strip()


def _to_external_comment(runtime: Runtime, caller: Caller, phase: Phase, text: str) -> ExternalComment:
    known_id = _find_edited(runtime, caller, phase) if phase.is_edit else None
    return ExternalComment(
        source=SOURCE,
        text=text,
        address=phase.story_url,
        known_id=known_id,
        parent_id=phase.parent_id,
        author_id=phase.author_id,
    )


def _find_edited(runtime: Runtime, caller: Caller, phase: Phase) -> str | None:
    """Return our id of the edited comment, which Coral does not name.

    It is known only if the author has a single recent comment on the story.
    """
    if phase.author_id is None:
        return None
    with runtime.database.reading() as connection:
        recent = external_ids.list_recent(
            connection,
            site=caller.site,
            source=SOURCE,
            article_id=find_article_id(connection, site=caller.site, address=phase.story_url),
            author_id=stored_author_id(runtime, site=caller.site, author_id=phase.author_id),
            since=runtime.clock() - EDITED_WITHIN,
        )
    return recent[0] if len(recent) == 1 else None
