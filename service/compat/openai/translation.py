"""Translation of OpenAI's moderations endpoint: its categories are filled from our scores."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Response
from fastapi.responses import JSONResponse

from service.compat.error_formats import FormatSpecificError
from service.domain.errors import BodyInvalid, DomainError, NotAllowed, NotAuthenticated, TextInvalid, TooManyRequests
from service.domain.rights import Caller
from service.domain.text_validation import blank_control_characters
from service.moderation.live_models import Scoring
from service.moderation.runtime import Runtime
from service.moderation.scoring.analyse import analyse, read_thresholds

CATEGORIES = (
    "harassment",
    "harassment/threatening",
    "hate",
    "hate/threatening",
    "illicit",
    "illicit/violent",
    "self-harm",
    "self-harm/intent",
    "self-harm/instructions",
    "sexual",
    "sexual/minors",
    "violence",
    "violence/graphic",
)

CATEGORY_TO_SCORE: Mapping[str, str] = {
    "harassment": "toxicity",
    "harassment/threatening": "threat",
    "hate": "identity_attack",
}
"""The categories for which we have a score, with its name.

The others are returned as 0 with an empty list of applied input types, as OpenAI does for what was not checked.
"""

MAX_TEXTS = 256


def moderate(runtime: Runtime, caller: Caller, payload: Any) -> dict[str, Any]:
    """Return the response to `POST /v1/moderations`. Raises TextInvalid, or BodyInvalid naming the parameter."""
    if not isinstance(payload, dict):
        raise BodyInvalid("The body is not a JSON object.")
    texts = _read_input(payload.get("input"))
    scorings = [analyse(runtime, caller, text=text).whole for text in texts]
    thresholds = read_thresholds(runtime, caller)
    return {
        "id": f"modr-{secrets.token_hex(12)}",
        "model": f"commentdesk-{runtime.scorers.base.version}",
        "results": [_result(scoring, thresholds) for scoring in scorings],
    }


def openai_error(error: DomainError | FormatSpecificError) -> Response:
    """Return an error in OpenAI's format. Its libraries try again after 429 and 503."""
    assert isinstance(error, DomainError)  # this adapter raises no other error
    status = HTTPStatus.BAD_REQUEST if isinstance(error, BodyInvalid | TextInvalid) else error.status
    kind, code = "invalid_request_error", None
    if isinstance(error, NotAuthenticated):
        code = "invalid_api_key"
    elif isinstance(error, NotAllowed):
        code = "insufficient_permissions"
    elif isinstance(error, TooManyRequests):
        kind, code = "requests", "rate_limit_exceeded"
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = "server_error"
    body = {"error": {"message": str(error), "type": kind, "param": error.field, "code": code}}
    headers = {"Retry-After": str(error.retry_after)} if error.retry_after else {}
    return JSONResponse(body, status_code=status, headers=headers)


def _read_input(payload: Any) -> list[str]:
    """Return one text per result. A list of parts (`{"type": "text", …}`) is joined to one text."""
    parts = [payload] if isinstance(payload, str) else payload
    if not isinstance(parts, list) or not parts:
        raise BodyInvalid("'input' must be a text, a list of texts or a list of parts.", field="input")
    if len(parts) > MAX_TEXTS:
        raise BodyInvalid(f"'input' may have at most {MAX_TEXTS} texts.", field="input")
    texts = parts if all(isinstance(part, str) for part in parts) else ["\n".join(map(_read_part, parts))]
    cleaned = [blank_control_characters(text) for text in texts]
    if not all(text.strip() for text in cleaned):
        raise BodyInvalid("'input' has an empty text.", field="input")
    return cleaned


def _read_part(part: Any) -> str:
    if isinstance(part, dict) and part.get("type") == "text" and isinstance(part.get("text"), str):
        return str(part["text"])
    if isinstance(part, dict) and part.get("type") == "image_url":
        # If images were ignored, a client would take them for harmless.
        raise BodyInvalid("Images are not supported: only text can be moderated.", field="input")
    raise BodyInvalid("A part of 'input' is not a text.", field="input")


def _result(scoring: Scoring, thresholds: Mapping[str, float | None]) -> dict[str, Any]:
    scores = {category: scoring.scores.get(name) for category, name in CATEGORY_TO_SCORE.items()}
    flags = {
        category: _is_flagged(scores.get(category), thresholds.get(CATEGORY_TO_SCORE.get(category, "")))
        for category in CATEGORIES
    }
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": {category: scores.get(category) or 0.0 for category in CATEGORIES},
        "category_applied_input_types": {
            category: ["text"] if scores.get(category) is not None else [] for category in CATEGORIES
        },
        "x_scores": dict(scoring.scores),
        "x_abstentions": dict(scoring.assessment.abstentions),
        "x_language": scoring.assessment.language,
    }


def _is_flagged(score: float | None, threshold: float | None) -> bool:
    return score is not None and threshold is not None and score >= threshold
