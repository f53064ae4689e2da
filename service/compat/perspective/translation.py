"""Translation of Perspective's requests and responses. Requests are validated as Google validates them."""

import json
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from models.language import SUPPORTED
from models.scorer import MAX_CHARS
from service.compat.external_ids import read_id
from service.compat.feedback import Feedback
from service.compat.perspective.attributes import ATTRIBUTES, SITE_MODEL_SCORE, Scale, base_name
from service.compat.perspective.errors import AnalysisRefused, unsupported_language_error
from service.compat.perspective.schemas import AnalyzeRequest, AttributeScores, Request, SuggestRequest
from service.domain.policy.site_policy import Outcome
from service.domain.rights import Caller
from service.moderation.intake.external import ExternalComment
from service.moderation.live_models import Scoring
from service.moderation.runtime import Runtime
from service.moderation.scoring.analyse import Analysis, RecentArticles, analyse

MAX_BYTES = 20_480
"""Perspective's limit for the text of a comment, in UTF-8."""

MIN_REJECTING_SCORE = 0.5
"""The lowest suggested score that means that the comment should be rejected."""

_PROBABILITY = "PROBABILITY"
# A language code such as "en", without a region.
_LANGUAGE = re.compile(r"[a-z]{2,8}")
# An attribute with an optional version, such as "TOXICITY@6".
_NAME = re.compile(r"[A-Z][A-Z_]{1,99}(?:@\d{1,4})?")
# Enums may be sent as names or as numbers.
_SUPPORTED_TEXT_TYPES = {None, 0, 1, "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"}
_UNSUPPORTED_SCORE_TYPES = {2, 3, 4, "STD_DEV_SCORE", "PERCENTILE", "RAW"}
_SUPPORTED_SCORE_TYPES = {None, 0, 1, "SCORE_TYPE_UNSPECIFIED", _PROBABILITY}


def analyze(runtime: Runtime, caller: Caller, request: AnalyzeRequest, *, recent: RecentArticles) -> dict[str, Any]:
    """Return the response to `comments:analyze`. Raises AnalysisRefused with Perspective's own messages."""
    text = _read_text(request)
    thresholds = _read_attributes(request)
    # Google names one attribute in the error for an unsupported language: the first.
    languages = _read_languages(request, next(iter(thresholds)))
    context = request.context
    analysis = analyse(
        runtime,
        caller,
        text=text[:MAX_CHARS],
        article=context.article if context else "",
        parent=context.parent if context else "",
        language=languages[0] if languages else None,
        by_sentence=bool(request.span_annotations),
        # An article that must not be stored is not cached in memory either.
        recent=None if request.do_not_store else recent,
    )
    scale = _choose_scale(runtime)
    attribute_scores = {}
    for name, threshold in thresholds.items():
        scores = _attribute_scores(name, threshold, text, analysis, scale)
        if scores is not None:
            attribute_scores[name] = scores
    detected = [analysis.whole.assessment.language]
    response: dict[str, Any] = {
        "attributeScores": attribute_scores,
        "languages": request.languages or detected,
        "detectedLanguages": detected,
    }
    return response | ({"clientToken": request.client_token} if request.client_token else {})


def read_suggestion(request: SuggestRequest) -> Feedback:
    """Return a `comments:suggestscore` request as feedback on a comment. Raises AnalysisRefused.

    The attribute with the highest suggested score decides.
    """
    text = _read_text(request)
    if not request.attribute_scores:
        raise AnalysisRefused("Missing attribute_scores", "NO_REQUESTED_ATTRIBUTES")
    values = {name: _suggested_value(name, scores) for name, scores in request.attribute_scores.items()}
    highest_attribute = max(values, key=lambda name: values[name])
    is_rejected = values[highest_attribute] >= MIN_REJECTING_SCORE
    return Feedback(
        comment=_read_suggested_comment(request, text),
        outcome=Outcome.REJECT if is_rejected else Outcome.APPROVE,
        reason=ATTRIBUTES[base_name(highest_attribute)].reason if is_rejected else None,
    )


def suggestion_response(request: SuggestRequest) -> dict[str, Any]:
    """Return the response to a suggestion that was accepted."""
    token = {"clientToken": request.client_token} if request.client_token else {}
    return token | ({"requestedLanguages": request.languages} if request.languages else {})


def utf16_offsets(text: str) -> list[int]:
    """Return the UTF-16 offset of each code point, and of the end. Google counts in UTF-16 units.

    Code points above U+FFFF, such as emoji, have two units: "a😀" gives [0, 1, 3].
    """
    return [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]


def _choose_scale(runtime: Runtime) -> Scale:
    if runtime.settings.perspective_scale == "perspective":
        return runtime.scorers.base.perspective_scale.to_perspective
    return float  # leaves the score unchanged


def _read_text(request: Request) -> str:
    text = request.comment.text
    if not text.strip():
        raise AnalysisRefused("Comment must be non-empty.", "COMMENT_EMPTY")
    if len(text.encode()) > MAX_BYTES:
        raise AnalysisRefused("Comment text too long.", "COMMENT_TOO_LONG")
    if request.comment.type not in _SUPPORTED_TEXT_TYPES:
        raise AnalysisRefused("Currently, only 'PLAIN_TEXT' comments are supported")
    context = request.context
    if context and context.entries is not None and context.article_and_parent_comment is not None:
        raise AnalysisRefused("Both entries and article_and_parent_comment were populated; only one may be.")
    return text


def _read_attributes(request: AnalyzeRequest) -> dict[str, float]:
    """Return each requested attribute, as spelt in the request, with its threshold (the lowest value to return)."""
    if not request.requested_attributes:
        raise AnalysisRefused("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
    thresholds = {}
    for name, options in request.requested_attributes.items():
        if base_name(name) not in ATTRIBUTES:
            raise _unknown_attribute_error(name)
        if options and options.score_type not in _SUPPORTED_SCORE_TYPES:
            kind = options.score_type if options.score_type in _UNSUPPORTED_SCORE_TYPES else "(not a type)"
            raise AnalysisRefused(f"Requested score type {kind} is not supported by attribute {name}")
        thresholds[name] = (options.score_threshold if options else None) or 0.0
    return thresholds


def _unknown_attribute_error(name: str) -> AnalysisRefused:
    # A client may have put anything into the name, even the comment itself, so only valid names are quoted.
    shown = name if _NAME.fullmatch(name) else "(not a name)"
    return AnalysisRefused(f"Unknown requested attribute: {shown}")


def _read_languages(request: AnalyzeRequest, attribute: str) -> list[str]:
    """Return the requested languages without region and script: "en-GB" becomes "en". Raises AnalysisRefused."""
    languages = [language.strip().lower().partition("-")[0] for language in request.languages or []]
    unsupported = [
        language if _LANGUAGE.fullmatch(language) else "und" for language in languages if language not in SUPPORTED
    ]
    if unsupported:
        raise unsupported_language_error(attribute, unsupported, detected=False)
    return languages


def _attribute_scores(
    name: str, threshold: float, text: str, analysis: Analysis, scale: Scale
) -> dict[str, Any] | None:
    """Return the attribute's scores, or None if its value is unknown or below the threshold."""
    attribute = ATTRIBUTES[base_name(name)]
    whole = analysis.whole
    if attribute.score_name == SITE_MODEL_SCORE and whole.site_model_version is None:
        raise _unknown_attribute_error(name)
    if whole.assessment.abstentions.get(attribute.score_name) == "language_not_supported":
        raise unsupported_language_error(name, [whole.assessment.language], detected=True)

    def rounded_value(scoring: Scoring) -> float | None:
        value = attribute.read(scoring.scores, scale)
        return round(value, 6) if value is not None and value >= threshold else None

    summary = rounded_value(whole)
    if summary is None:
        return None
    offsets = utf16_offsets(text)
    spans = [(piece.start, piece.end, rounded_value(piece.scoring)) for piece in analysis.pieces]
    if not spans:  # the client did not request scores of sentences
        spans = [(0, len(text), summary)]
    return {
        "summaryScore": {"value": summary, "type": _PROBABILITY},
        "spanScores": [
            {"begin": offsets[start], "end": offsets[end], "score": {"value": value, "type": _PROBABILITY}}
            for start, end, value in spans
            if value is not None
        ],
    }


def _suggested_value(name: str, scores: AttributeScores | None) -> float:
    # An attribute that we do not support may describe a good quality. Its score of 1 would not mean a rejection.
    if not _NAME.fullmatch(name) or base_name(name) not in ATTRIBUTES:
        raise _unknown_attribute_error(name)
    suggestion = scores or AttributeScores()
    span_scores = [span.score for span in suggestion.span_scores or []]
    suggested = [score for score in (suggestion.summary_score, *span_scores) if score is not None]
    if not suggested or not all(0 <= score.value <= 1 for score in suggested):
        raise AnalysisRefused(f"Attribute {name} needs a score between 0 and 1")
    if any(score.type not in _SUPPORTED_SCORE_TYPES for score in suggested):
        raise AnalysisRefused(f"Score type of attribute {name} is not supported")
    return max(score.value for score in suggested)


def _read_suggested_comment(request: SuggestRequest, text: str) -> ExternalComment:
    """Return the comment that the suggestion is about.

    Coral sends its ids as JSON in place of the article's text. Other clients may send `comment:ID` as the client token.
    """
    context = request.context.article if request.context else ""
    coral_ids = _read_coral_ids(context)
    token = request.client_token or ""
    id_in_token = token.removeprefix("comment:") if token.startswith("comment:") else ""
    external_id = coral_ids.get("Coral_comment_id") or id_in_token
    is_coral = bool(coral_ids) or (request.community_id or "").startswith("Coral:")
    return ExternalComment(
        source="coral" if is_coral else "perspective",
        text=text,
        address=coral_ids.get("url", context),
        external_id=read_id(external_id),
        parent_id=read_id(coral_ids.get("reply_to_id_Coral_comment_id")),
    )


def _read_coral_ids(context: str) -> dict[str, str]:
    if not context.startswith("{"):
        return {}
    try:
        ids = json.loads(context)
    except (ValueError, RecursionError):
        return {}
    known: Sequence[str] = ("url", "Coral_comment_id", "reply_to_id_Coral_comment_id")
    if not isinstance(ids, dict) or "Coral_comment_id" not in ids:
        return {}
    return {name: ids[name] for name in known if isinstance(ids.get(name), str)}
