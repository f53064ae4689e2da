"""Translation of Akismet's forms into comments, and of decisions into `true` and `false`."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import Response
from fastapi.responses import PlainTextResponse

from service.compat.error_formats import Refused
from service.compat.external_ids import read_id
from service.compat.feedback import Feedback, give_feedback
from service.domain.errors import BodyInvalid, DomainError, NotAuthenticated, TextInvalid, TooManyRequests
from service.domain.policy.site_policy import Outcome
from service.domain.reasons import RejectReason
from service.domain.rights import Caller, Right
from service.domain.states import CommentState
from service.domain.text_validation import blank_control_characters
from service.moderation.intake.external import ExternalComment, evaluate_only, ingest
from service.moderation.runtime import Runtime

THANKS = "Thanks for making the web a better place."
SOURCE = "akismet"

GUARANTEED_SPAM = frozenset({"akismet-guaranteed-spam", "viagra-test-123"})
GUARANTEED_SPAM_ADDRESS = "akismet-guaranteed-spam@example.com"
# Types of forms that are not published, so there is nothing for a moderator to decide.
_PRIVATE_TYPES = frozenset({"contact-form", "signup", "message", "contact_form", "registration"})
_TRUE = frozenset({"1", "true", "yes", "on"})
_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,200}")

Form = Mapping[str, str]


def check_comment(runtime: Runtime, caller: Caller, form: Form) -> Response:
    """Return the response to `comment-check`. Raises BodyInvalid with Akismet's own messages."""
    for field in ("blog", "user_ip"):
        if not form.get(field, "").strip():
            raise BodyInvalid(f'Empty "{field}" value', field=field)
    if not _is_address(form["blog"]):
        raise BodyInvalid('"blog" value is not a URI', field="blog")
    if form.get("user_role") == "administrator":
        return spam_response(CommentState.APPROVED, hold_is_spam=False)
    if _is_guaranteed(form):
        return spam_response(CommentState.HELD, hold_is_spam=True)
    return spam_response(_decide(runtime, caller, form), hold_is_spam=runtime.settings.akismet_hold_is_spam)


def submit(runtime: Runtime, caller: Caller, form: Form, *, is_spam: bool) -> Response:
    """Return the response to `submit-spam` and `submit-ham`.

    They become a verdict, or a report if the token does not have the right to moderate.
    """
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    comment = _read_comment(form)
    if comment.text.strip() and not _is_test(form):
        outcome = Outcome.REJECT if is_spam else Outcome.APPROVE
        reason = RejectReason.SPAM if is_spam else None
        give_feedback(runtime, caller, Feedback(about=comment, outcome=outcome, reason=reason))
    return PlainTextResponse(THANKS)


def spam_response(state: CommentState, *, hold_is_spam: bool) -> Response:
    """Return a state as Akismet's `true` or `false`. The pro tip tells the client to discard a rejected comment."""
    if state is CommentState.REJECTED:
        return PlainTextResponse("true", headers={"X-akismet-pro-tip": "discard"})
    return PlainTextResponse("true" if state is CommentState.HELD and hold_is_spam else "false")


def akismet_error(error: DomainError | Refused) -> Response:
    """Return `invalid` with the reason in a header. Limits and failures also have a status, so that clients wait."""
    assert isinstance(error, DomainError)
    headers = {"X-akismet-debug-help": str(error).encode("ascii", "replace").decode()}
    if isinstance(error, TooManyRequests):
        headers |= {"X-akismet-alert-code": "429", "X-akismet-alert-msg": error.message()}
    if error.retry_after:
        headers["Retry-After"] = str(error.retry_after)
    is_clients_error = isinstance(error, NotAuthenticated | BodyInvalid | TextInvalid)
    return PlainTextResponse(
        "invalid", status_code=HTTPStatus.OK if is_clients_error else error.status, headers=headers
    )


def key_sites_response(month: str, rows: list[dict[str, Any]], *, as_csv: bool) -> Response | dict[str, Any]:
    """Return the response to `key-sites`."""
    if not as_csv:
        return {month: rows, "limit": 500, "offset": 0, "total": len(rows)}
    header = "Site,Total API Calls,Spam,Ham,Missed Spam,False Positives,Is Revoked"
    lines = [",".join(_quote(str(value)) for value in row.values()) for row in rows]
    return PlainTextResponse("\n".join((header, *lines)) + "\n", media_type="text/csv")


def _decide(runtime: Runtime, caller: Caller, form: Form) -> CommentState:
    comment = _read_comment(form)
    if not comment.text.strip():
        return CommentState.APPROVED
    is_stored = (
        Right.COMMENTS in caller.rights and not _is_test(form) and form.get("comment_type") not in _PRIVATE_TYPES
    )
    if is_stored:
        # If the comment was checked before, a person may have decided since; a recheck asks for that decision.
        return ingest(runtime, caller, comment).comment.state
    return evaluate_only(runtime, caller, comment).state


def _read_comment(form: Form) -> ExternalComment:
    name = form.get("comment_author", "").strip()
    address = form.get("comment_author_email", "").strip().lower()
    return ExternalComment(
        source=SOURCE,
        text=blank_control_characters(form.get("comment_content", "")),
        address=form.get("permalink", ""),
        author_id=read_id(address) or read_id(name),
        author_name=_line(name),
    )


def _line(value: str) -> str | None:
    return value if _LINE.fullmatch(value) and blank_control_characters(value) == value else None


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
    # A spreadsheet would run a cell that starts like a formula.
    safe = f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value
    return f'"{safe.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\n]', safe) else safe
