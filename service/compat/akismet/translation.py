"""Translation of Akismet's forms into comments, and of decisions into `true` and `false`."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import Response
from fastapi.responses import PlainTextResponse

from service.compat.error_formats import FormatSpecificError
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

# Akismet's documentation defines these names and this address for tests: a comment by them is always spam.
GUARANTEED_SPAM_AUTHORS = frozenset({"akismet-guaranteed-spam", "viagra-test-123"})
GUARANTEED_SPAM_ADDRESS = "akismet-guaranteed-spam@example.com"
# Forms that are never published. They are decided but not stored, because there is nothing to moderate.
_UNPUBLISHED_TYPES = frozenset({"contact-form", "signup", "message", "contact_form", "registration"})
_TRUE_VALUES = frozenset({"1", "true", "yes", "on"})
# 1 to 200 characters without control characters (C0, delete, C1).
_ONE_LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f]{1,200}")

Form = Mapping[str, str]


def check_comment(runtime: Runtime, caller: Caller, form: Form) -> Response:
    """Return the response to `comment-check`. Raises BodyInvalid with Akismet's own messages.

    A comment by an administrator is approved without a check, as in Akismet.
    """
    for field in ("blog", "user_ip"):
        if not form.get(field, "").strip():
            raise BodyInvalid(f'Empty "{field}" value', field=field)
    if not _is_web_url(form["blog"]):
        raise BodyInvalid('"blog" value is not a URI', field="blog")
    if form.get("user_role") == "administrator":
        return spam_response(CommentState.APPROVED, hold_is_spam=False)
    if _is_guaranteed_spam(form):
        return spam_response(CommentState.HELD, hold_is_spam=True)
    return spam_response(_decide(runtime, caller, form), hold_is_spam=runtime.settings.akismet_hold_is_spam)


def submit(runtime: Runtime, caller: Caller, form: Form, *, is_spam: bool) -> Response:
    """Return the response to `submit-spam` and `submit-ham`.

    The submission becomes a verdict, or a report if the token does not have the right to moderate.
    """
    caller.require_any(Right.COMMENTS, Right.MODERATE)
    comment = _read_comment(form)
    if comment.text.strip() and not _is_test(form):
        outcome = Outcome.REJECT if is_spam else Outcome.APPROVE
        reason = RejectReason.SPAM if is_spam else None
        give_feedback(runtime, caller, Feedback(comment=comment, outcome=outcome, reason=reason))
    return PlainTextResponse(THANKS)


def spam_response(state: CommentState, *, hold_is_spam: bool) -> Response:
    """Return `true` for a rejected comment, and for a held one if `hold_is_spam`.

    Only for a rejected comment a header tells the client to discard it, instead of keeping it in the spam folder.
    """
    if state is CommentState.REJECTED:
        return PlainTextResponse("true", headers={"X-akismet-pro-tip": "discard"})
    return PlainTextResponse("true" if state is CommentState.HELD and hold_is_spam else "false")


def akismet_error(error: DomainError | FormatSpecificError) -> Response:
    """Return `invalid` with the reason in a header.

    The status is 200 for a mistake of the client, as in Akismet, and the error's own for limits and failures.
    """
    assert isinstance(error, DomainError)  # this adapter raises no other error
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
    lines = [",".join(_csv_cell(str(value)) for value in row.values()) for row in rows]
    return PlainTextResponse("\n".join((header, *lines)) + "\n", media_type="text/csv")


def _decide(runtime: Runtime, caller: Caller, form: Form) -> CommentState:
    comment = _read_comment(form)
    if not comment.text.strip():
        return CommentState.APPROVED
    is_stored = (
        Right.COMMENTS in caller.rights and not _is_test(form) and form.get("comment_type") not in _UNPUBLISHED_TYPES
    )
    if is_stored:
        # The state is the stored one: if a person has decided since an earlier check, the client gets that verdict.
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
        author_name=_valid_author_name(name),
    )


def _valid_author_name(value: str) -> str | None:
    return value if _ONE_LINE.fullmatch(value) and blank_control_characters(value) == value else None


def _is_guaranteed_spam(form: Form) -> bool:
    return (
        form.get("comment_author") in GUARANTEED_SPAM_AUTHORS
        or form.get("comment_author_email", "").lower() == GUARANTEED_SPAM_ADDRESS
    )


def _is_test(form: Form) -> bool:
    return form.get("is_test", "").lower() in _TRUE_VALUES


def _is_web_url(value: str) -> bool:
    try:
        parts = urlsplit(value.strip())
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def _csv_cell(value: str) -> str:
    # A spreadsheet would run a cell that starts like a formula; an apostrophe prevents it.
    safe = f"'{value}" if value[:1] in {"=", "+", "-", "@"} else value
    if not re.search(r'[",\n]', safe):
        return safe
    # In a quoted cell, a quotation mark is doubled (RFC 4180).
    doubled = safe.replace('"', '""')
    return f'"{doubled}"'
