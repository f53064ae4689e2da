"""Perspective, translated: requests checked as Google checks them, analyses in the shape that its clients read."""

import json
import re
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from models.language import SUPPORTED
from models.scorer import MAX_CHARS
from service.compat.external_ids import read_id
from service.compat.perspective.attributes import ATTRIBUTES, OF_A_SITE_MODEL, Scale, base_name
from service.compat.perspective.errors import AnalysisRefused, refuse_language
from service.compat.perspective.schemas import AnalyzeRequest, AttributeScores, Request, SuggestRequest
from service.domain.policy.rules import Outcome
from service.domain.rights import Caller
from service.moderation.intake.external import ExternalComment
from service.moderation.review.feedback import Suggestion
from service.moderation.runtime import Runtime
from service.moderation.scoring.analyse import Analysis, RecentArticles, analyse
from service.moderation.scoring.live_models import Scoring

MAX_BYTES = 20_480
"""Perspective's limit of a comment, in UTF-8."""

SUGGESTED_FROM = 0.5
_PROBABILITY = "PROBABILITY"
_LANGUAGE = re.compile(r"[a-z]{2,8}")
_NAME = re.compile(r"[A-Z][A-Z_]{1,99}(?:@\d{1,4})?")
_KINDS_OF_TEXT = {None, 0, 1, "TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT"}
_OTHER_SCORES = {2, 3, 4, "STD_DEV_SCORE", "PERCENTILE", "RAW"}
_KINDS_OF_SCORE = {None, 0, 1, "SCORE_TYPE_UNSPECIFIED", _PROBABILITY}


def analyze(runtime: Runtime, caller: Caller, request: AnalyzeRequest, *, recent: RecentArticles) -> dict[str, Any]:
    """The answer to `comments:analyze`; raises AnalysisRefused in Perspective's words."""
    text = _read_text(request)
    wanted = _read_attributes(request)
    languages = _read_languages(request, next(iter(wanted)))
    context = request.context
    analysis = analyse(
        runtime,
        caller,
        text=text[:MAX_CHARS],
        article=context.article if context else "",
        parent=context.parent if context else "",
        language=languages[0] if languages else None,
        by_sentence=bool(request.span_annotations),
        # An article that must not be kept is not kept in memory either.
        recent=None if request.do_not_store else recent,
    )
    scale = _choose_scale(runtime)
    answered = {
        name: scores
        for name, threshold in wanted.items()
        if (scores := _shape_attribute(name, threshold, text, analysis, scale)) is not None
    }
    detected = [analysis.whole.assessment.language]
    answer: dict[str, Any] = {
        "attributeScores": answered,
        "languages": request.languages or detected,
        "detectedLanguages": detected,
    }
    return answer | ({"clientToken": request.client_token} if request.client_token else {})


def read_suggestion(request: SuggestRequest) -> Suggestion:
    """What a `comments:suggestscore` says of which comment; raises AnalysisRefused."""
    text = _read_text(request)
    if not request.attribute_scores:
        raise AnalysisRefused("Missing attribute_scores", "NO_REQUESTED_ATTRIBUTES")
    values = {name: _suggested_value(name, scores) for name, scores in request.attribute_scores.items()}
    strongest = max(values, key=lambda name: values[name])
    is_rejected = values[strongest] >= SUGGESTED_FROM
    return Suggestion(
        about=_read_about(request, text),
        outcome=Outcome.REJECT if is_rejected else Outcome.APPROVE,
        reason=ATTRIBUTES[base_name(strongest)].reason if is_rejected else None,
    )


def shape_suggestion(request: SuggestRequest) -> dict[str, Any]:
    """The answer to a suggestion that was taken."""
    token = {"clientToken": request.client_token} if request.client_token else {}
    return token | ({"requestedLanguages": request.languages} if request.languages else {})


def utf16_offsets(text: str) -> list[int]:
    """For each place between code points its offset in UTF-16 units, in which Google counts."""
    return [0, *accumulate(2 if character > "\uffff" else 1 for character in text)]


def _choose_scale(runtime: Runtime) -> Scale:
    if runtime.settings.perspective_scale == "perspective":
        return runtime.scorers.base.perspective_scale.to_perspective
    return float


def _read_text(request: Request) -> str:
    text = request.comment.text
    if not text.strip():
        raise AnalysisRefused("Comment must be non-empty.", "COMMENT_EMPTY")
    if len(text.encode()) > MAX_BYTES:
        raise AnalysisRefused("Comment text too long.", "COMMENT_TOO_LONG")
    if request.comment.type not in _KINDS_OF_TEXT:
        raise AnalysisRefused("Currently, only 'PLAIN_TEXT' comments are supported")
    context = request.context
    if context and context.entries is not None and context.article_and_parent_comment is not None:
        raise AnalysisRefused("Both entries and article_and_parent_comment were populated; only one may be.")
    return text


def _read_attributes(request: AnalyzeRequest) -> dict[str, float]:
    """The attributes as they were spelt, each with its threshold."""
    if not request.requested_attributes:
        raise AnalysisRefused("Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES")
    wanted = {}
    for name, facts in request.requested_attributes.items():
        if base_name(name) not in ATTRIBUTES:
            raise _unknown(name)
        if facts and facts.score_type not in _KINDS_OF_SCORE:
            kind = facts.score_type if facts.score_type in _OTHER_SCORES else "(not a type)"
            raise AnalysisRefused(f"Requested score type {kind} is not supported by attribute {name}")
        wanted[name] = (facts.score_threshold if facts else None) or 0.0
    return wanted


def _unknown(name: str) -> AnalysisRefused:
    # A name may be anything that a client has put there, also the comment itself.
    shown = name if _NAME.fullmatch(name) else "(not a name)"
    return AnalysisRefused(f"Unknown requested attribute: {shown}")


def _read_languages(request: AnalyzeRequest, attribute: str) -> list[str]:
    """The languages asked for, without region and script."""
    languages = [language.strip().lower().partition("-")[0] for language in request.languages or []]
    unsupported = [
        language if _LANGUAGE.fullmatch(language) else "und" for language in languages if language not in SUPPORTED
    ]
    if unsupported:
        raise refuse_language(attribute, unsupported, detected=False)
    return languages


def _shape_attribute(name: str, threshold: float, text: str, analysis: Analysis, scale: Scale) -> dict[str, Any] | None:
    """The attribute's scores; None, and so left out, where they are unknown or below the threshold."""
    attribute = ATTRIBUTES[base_name(name)]
    whole = analysis.whole
    if attribute.score == OF_A_SITE_MODEL and whole.site_model is None:
        raise _unknown(name)
    if whole.assessment.abstentions.get(attribute.score) == "language_not_supported":
        raise refuse_language(name, [whole.assessment.language], detected=True)

    def read(scoring: Scoring) -> float | None:
        value = attribute.read(scoring.scores, scale)
        return round(value, 6) if value is not None and value >= threshold else None

    summary = read(whole)
    if summary is None:
        return None
    places = utf16_offsets(text)
    spans = [(piece.start, piece.end, read(piece.scoring)) for piece in analysis.pieces] or [(0, len(text), summary)]
    return {
        "summaryScore": {"value": summary, "type": _PROBABILITY},
        "spanScores": [
            {"begin": places[start], "end": places[end], "score": {"value": value, "type": _PROBABILITY}}
            for start, end, value in spans
            if value is not None
        ],
    }


def _suggested_value(name: str, scores: AttributeScores | None) -> float:
    # Of what we do not have, more may be a good thing: a 1 would then say the opposite of what we would hear.
    if not _NAME.fullmatch(name) or base_name(name) not in ATTRIBUTES:
        raise _unknown(name)
    spans = (span.score for span in (scores.span_scores if scores else None) or [])
    found = [score for score in (scores.summary_score if scores else None, *spans) if score is not None]
    if not found or not all(0 <= score.value <= 1 for score in found):
        raise AnalysisRefused(f"Attribute {name} needs a score between 0 and 1")
    if any(score.type not in _KINDS_OF_SCORE for score in found):
        raise AnalysisRefused(f"Score type of attribute {name} is not supported")
    return max(score.value for score in found)


def _read_about(request: SuggestRequest, text: str) -> ExternalComment:
    """Which comment is meant; Coral writes that as JSON where an article's text would be."""
    context = request.context.article if request.context else ""
    told = _read_coral(context)
    token = (request.client_token or "").partition("comment:")
    external_id = told.get("Coral_comment_id") or (token[2] if not token[0] else "")
    is_coral = bool(told) or (request.community_id or "").startswith("Coral:")
    return ExternalComment(
        source="coral" if is_coral else "perspective",
        text=text,
        address=told.get("url", context),
        external_id=read_id(external_id),
        parent_id=read_id(told.get("reply_to_id_Coral_comment_id")),
    )


def _read_coral(context: str) -> dict[str, str]:
    if not context.startswith("{"):
        return {}
    try:
        found = json.loads(context)
    except (ValueError, RecursionError):
        return {}
    known: Sequence[str] = ("url", "Coral_comment_id", "reply_to_id_Coral_comment_id")
    if not isinstance(found, dict) or "Coral_comment_id" not in found:
        return {}
    return {name: found[name] for name in known if isinstance(found.get(name), str)}
