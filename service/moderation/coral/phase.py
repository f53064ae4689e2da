"""Coral's moderation phase: a comment that Coral has not saved yet is filed here, and Coral hears what became of it."""

import html
import re
from dataclasses import dataclass
from datetime import timedelta

from service.domain.errors import CommentErased, TextInvalid
from service.domain.rights import Caller
from service.domain.text_validation import blank_controls
from service.moderation.comments.context import stored_author_id
from service.moderation.intake.external import ExternalComment, find_article_id, ingest
from service.moderation.runtime import Runtime
from service.store.comments import external_ids
from service.store.comments.comments import State
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
    """What Coral sends of a comment; it has no id yet, also where it is an edit."""

    body: str
    is_edit: bool
    parent_id: str | None
    author_id: str | None
    role: str
    story_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseResult:
    """What became of it: `rule` is the machine's, `reason` a person's where one has decided these very words before."""

    state: State
    rule: str = ""
    reason: str | None = None


def moderate(runtime: Runtime, caller: Caller, phase: Phase) -> PhaseResult | None:
    """Files the comment and answers what becomes of it; None where there is nothing to have an opinion about.

    The same comment sent again is the same one. Staff is not moderated, as in Coral itself.
    """
    text = strip_html(phase.body)
    if not text.strip() or phase.role in STAFF:
        return None
    try:
        filed = ingest(runtime, caller, _match_comment(runtime, caller, phase, text))
    except TextInvalid:
        # Too long to be read by the machine: then a person has to, rather than nobody.
        return PhaseResult(state=State.HELD)
    except CommentErased:
        return None
    with runtime.database.reading() as connection:
        newest = verdicts.latest_verdict(connection, site=caller.site, comment_id=filed.comment.id)
    decided = newest if newest and newest.revision == filed.comment.revision else None
    return PhaseResult(state=filed.comment.state, rule=filed.decision.rule, reason=decided.reason if decided else None)


def strip_html(body: str) -> str:
    """The words of a body, whether the phase is set to HTML or to plain text."""
    if _TAG.search(body):
        body = html.unescape(_TAG.sub("", _BREAK.sub("\n", body)))
    return blank_controls(body).strip()


def _match_comment(runtime: Runtime, caller: Caller, phase: Phase, text: str) -> ExternalComment:
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
    """Coral does not say which comment is edited: it is the author's only recent one there, or we do not know."""
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
