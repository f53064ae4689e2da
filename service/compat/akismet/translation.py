"""Akismet, translated: forms to comments, and decisions to `true` and `false`."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import Response
from fastapi.responses import PlainTextResponse

from service.compat.error_formats import Refused
from service.compat.external_ids import read_id
from service.domain.errors import BodyInvalid, DomainError, NotAuthenticated, TextInvalid, TooManyRequests
from service.domain.policy.rules import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.text_validation import blank_controls
from service.moderation.intake.external import ExternalComment, evaluate_only, ingest
from service.moderation.intake.filing import STATE_OF_OUTCOME
from service.moderation.review.feedback import Suggestion, suggest
from service.moderation.runtime import Runtime
from service.store.comments.comments import State

THANKS = "Thanks for making the web a better place."
SOURCE = "akismet"

GUARANTEED_SPAM = frozenset({"akismet-guaranteed-spam", "viagra-test-123"})
GUARANTEED_SPAM_ADDRESS = "akismet-guaranteed-spam@example.com"
# Forms that no reader sees the answer of: there is nothing for a moderator to publish.
_PRIVATE = frozenset({"contact-form", "signup", "message", "contact_form", "registration"})
_TRUE = frozenset({"1", "true", "yes", "on"})
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,200}")

Form = Mapping[str, str]


def check_comment(runtime: Runtime, caller: Caller, form: Form) -> Response:
    """The answer to `comment-check`; raises BodyInvalid in Akismet's words."""
    for field in ("blog", "user_ip"):
        if not form.get(field, "").strip():
            raise BodyInvalid(f'Empty "{field}" value', field=field)
    if not _is_address(form["blog"]):
        raise BodyInvalid('"blog" value is not a URI', field="blog")
    if form.get("user_role") == "administrator":
        return spam_response(State.APPROVED, hold_is_spam=False)
    if _is_guaranteed(form):
        return spam_response(State.HELD, hold_is_spam=True)
    return spam_response(_decide(runtime, caller, form), hold_is_spam=runtime.settings.akismet_hold_is_spam)


def submit(runtime: Runtime, caller: Caller, form: Form, *, is_spam: bool) -> Response:
    """The answer to `submit-spam` and `submit-ham`: a verdict, or a report where the token may not give one."""
    if Right.MODERATE not in caller.rights:
        caller.require(Right.COMMENTS)
    comment = _read_comment(form)
    if comment.text.strip() and not _is_test(form):
        outcome = Outcome.REJECT if is_spam else Outcome.APPROVE
        reason = RejectReason.SPAM if is_spam else None
        suggest(runtime, caller, Suggestion(about=comment, outcome=outcome, reason=reason))
    return PlainTextResponse(THANKS)


def spam_response(state: State, *, hold_is_spam: bool) -> Response:
    """What a state is in Akismet's two words; a rejection may be discarded unseen."""
    if state is State.REJECTED:
        return PlainTextResponse("true", headers={"X-akismet-pro-tip": "discard"})
    return PlainTextResponse("true" if state is State.HELD and hold_is_spam else "false")


def akismet_error(error: DomainError | Refused) -> Response:
    """`invalid`, with what is wrong in a header; limits and failures have a status too, after which clients wait."""
    assert isinstance(error, DomainError)
    headers = {"X-akismet-debug-help": str(error).encode("ascii", "replace").decode()}
    if isinstance(error, TooManyRequests):
        headers |= {"X-akismet-alert-code": "429", "X-akismet-alert-msg": error.message()}
    if error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    told = isinstance(error, NotAuthenticated | BodyInvalid | TextInvalid)
    return PlainTextResponse("invalid", status_code=HTTPStatus.OK if told else error.status, headers=headers)


def shape_sites(month: str, rows: list[dict[str, Any]], *, as_csv: bool) -> Response | dict[str, Any]:
    """The answer to `key-sites`."""
    if not as_csv:
        return {month: rows, "limit": 500, "offset": 0, "total": len(rows)}
    header = "Site,Total API Calls,Spam,Ham,Missed Spam,False Positives,Is Revoked"
    lines = [",".join(_quote(str(value)) for value in row.values()) for row in rows]
    return PlainTextResponse("\n".join((header, *lines)) + "\n", media_type="text/csv")


def _decide(runtime: Runtime, caller: Caller, form: Form) -> State:
    comment = _read_comment(form)
    if not comment.text.strip():
        return State.APPROVED
    is_kept = Right.COMMENTS in caller.rights and not _is_test(form) and form.get("comment_type") not in _PRIVATE
    if is_kept:
        # Where it was checked before, a person may have decided since: that is what a recheck asks for.
        return ingest(runtime, caller, comment).comment.state
    return STATE_OF_OUTCOME[evaluate_only(runtime, caller, comment).decision.outcome]


def _read_comment(form: Form) -> ExternalComment:
    name = form.get("comment_author", "").strip()
    address = form.get("comment_author_email", "").strip().lower()
    return ExternalComment(
        source=SOURCE,
        text=blank_controls(form.get("comment_content", "")),
        address=form.get("permalink", ""),
        author_id=read_id(address) or read_id(name),
        author_name=_line(name),
    )


def _line(value: str) -> str | None:
    return value if _LINE.fullmatch(value) and blank_controls(value) == value else None


def _is_guaranteed(form: Form) -> bool:
    return (
        form.get("comment_author") in GUARANTEED_SPAM
        or form.get("comment_author_email", "").lower() == GUARANTEED_SPAM_ADDRESS
    )


def _is_test(form: Form) -> bool:
    return form.get("is_test", "").lower() in _TRUE


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _quote(value: str) -> str:
    # A cell that begins like a formula would be one to a spreadsheet.
    safe = f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\n]', safe) else safe
