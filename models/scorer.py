"""Scoring of comments: compute all scores of one comment in its context, with explanations."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.calibration_bins import ReliabilityBin, find_bins
from models.coherence import pipeline as coherence
from models.comment import SCORES, Article, Assessment, Comment, Explanation, RelevanceReasons, Span
from models.encoder import EmbeddedComment, Encoded, embed_article
from models.explanation import strongest_spans
from models.language import SUPPORTED, LanguageDetector
from models.perspective_scale import PerspectiveScale
from models.release import Release
from models.relevance import pipeline as relevance
from models.spam import spam_reasons
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS, may_have_markup, normalise
from models.text.tokens import Tokens, tokenize
from models.toxicity import pipeline as toxicity
from models.toxicity.pipeline import Contributions

__all__ = ["MAX_CHARS", "Scorer"]

INCOHERENT_BELOW = 0.5
"""A text with a lower coherence is incoherent by definition. It is explained even if the release recommends a lower
threshold for holding it."""

_UNSUPPORTED = "language_not_supported"


@dataclass(frozen=True, slots=True)
class _PreparedComment:
    """A comment with everything that is computed once for several scores.

    `comment.text` is the normalised text without markup. `normalised` is the same text with the origins of its
    characters. `with_markup` is the text normalised with its markup, for the spam rules.
    """

    comment: Comment
    normalised: NormalisedText
    with_markup: NormalisedText
    tokens: Tokens
    language: str
    encoded: Encoded
    contributions: Contributions


class Scorer:
    """Scores comments with one release. Safe to share between threads."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._languages = LanguageDetector()
        # A release may recommend a higher threshold, and every held text needs an explanation.
        self._explain_coherence_below = max(INCOHERENT_BELOW, release.card.thresholds.get("coherence", 0.0))

    @property
    def version(self) -> str:
        """The release's version."""
        return self._release.version

    @property
    def card_hash(self) -> str:
        """The hash of the release's card, which has the hashes of all files. It identifies the source of a score."""
        return self._release.card.digest

    @property
    def encoder_hash(self) -> str:
        """The hash of the encoder's files. Store it with vectors: only the same encoder may use them again."""
        return self._release.encoder.files_hash

    @property
    def perspective_scale(self) -> PerspectiveScale:
        """The map from our toxicity to the scale of Google's Perspective API."""
        return self._release.perspective_scale

    @property
    def recommended_thresholds(self) -> Mapping[str, float]:
        """The thresholds of the release by score name, for sites that have not set their own."""
        return self._release.card.thresholds

    def find_bins(self, scores: Mapping[str, float | None]) -> dict[str, ReliabilityBin]:
        """Return the reliability of each score, if the release's card has a measurement for it."""
        return find_bins(self._release.card.metrics, scores)

    def assess(self, comment: Comment, *, explain: bool = True) -> Assessment:
        """Score one comment. Without `explain`, scoring is faster, and only spam has reasons."""
        prepared = self._prepare(comment)
        abstentions = self._find_abstentions(prepared)
        spam = spam_reasons(comment, normalised=prepared.with_markup)
        scores = self._predict_scores(prepared, abstentions) | {"spam": float(bool(spam))}
        return Assessment(
            model=self.version,
            language=prepared.language,
            scores={name: scores.get(name) for name in SCORES},
            abstentions=abstentions,
            explanation=replace(self._explain(prepared, scores) if explain else Explanation(), spam=spam),
            vector=prepared.encoded.embedding,
            decoded=prepared.comment.text if prepared.comment.text != comment.text else "",
        )

    def assess_many(self, comments: Iterable[Comment], *, explain: bool = False) -> Iterator[Assessment]:
        """Score comments in order. The scores of a comment do not depend on the other comments."""
        return (self.assess(comment, explain=explain) for comment in comments)

    def embed_article(self, article: Article) -> Article:
        """Return the article with its embeddings, so that they are not computed again for each comment."""
        return embed_article(self._release.encoder, article)

    def _prepare(self, comment: Comment) -> _PreparedComment:
        written = comment.text[:MAX_CHARS]
        normalised = normalise(written, html=True)
        text = normalised.text
        tokens, encoded = tokenize(text), self._release.encoder.encode(text)
        return _PreparedComment(
            comment=replace(comment, text=text),
            normalised=normalised,
            with_markup=normalise(written) if may_have_markup(written) else normalised,
            tokens=tokens,
            language=self._languages.identify(text, site_language=comment.language),
            encoded=encoded,
            contributions=toxicity.explain(self._release.toxicity, tokens, encoded),
        )

    def _find_abstentions(self, prepared: _PreparedComment) -> dict[str, str]:
        if prepared.language not in SUPPORTED:
            return dict.fromkeys((*toxicity.TARGETS, "relevance", "coherence"), _UNSUPPORTED)
        reasons = {
            "relevance": relevance.find_reason_to_abstain(self._release.relevance, prepared.comment),
            "coherence": coherence.find_reason_to_abstain(prepared.comment.text),
        }
        return {name: reason for name, reason in reasons.items() if reason}

    def _predict_scores(self, prepared: _PreparedComment, abstentions: Mapping[str, str]) -> dict[str, float | None]:
        scores: dict[str, float | None] = {}
        if "toxicity" not in abstentions:
            scores |= dict(zip(toxicity.TARGETS, map(float, prepared.contributions.probabilities), strict=True))
        if "coherence" not in abstentions:
            scores["coherence"] = float(self._release.coherence.predict_proba([prepared.normalised])[0, 1])
        if "relevance" not in abstentions:
            scores["relevance"] = float(self._release.relevance.predict_proba([_embedded(prepared)])[0, 1])
        return scores

    def _explain(self, prepared: _PreparedComment, scores: Mapping[str, float | None]) -> Explanation:
        return Explanation(
            toxicity=self._explain_toxicity(prepared) if "toxicity" in scores else (),
            coherence=self._explain_coherence(prepared) if self._needs_explanation(scores) else (),
            relevance=self._explain_relevance(prepared) if "relevance" in scores else None,
        )

    def _needs_explanation(self, scores: Mapping[str, float | None]) -> bool:
        """Return whether a policy may hold the text as incoherent.

        Other texts get no explanation, because it would double the time of scoring.
        """
        coherence_score = scores.get("coherence")
        return coherence_score is not None and coherence_score <= self._explain_coherence_below

    def _explain_toxicity(self, prepared: _PreparedComment) -> tuple[Span, ...]:
        # Column 0 of the contributions is toxicity itself; the others are its attributes.
        return strongest_spans(prepared.contributions.words[:, 0], prepared.tokens.spans, prepared.normalised)

    def _explain_coherence(self, prepared: _PreparedComment) -> tuple[Span, ...]:
        """Explain the normalised text, and map the spans to the original."""
        spans = coherence.explain(self._release.coherence, prepared.comment.text)
        weights = np.array([span.weight for span in spans])
        return strongest_spans(weights, [(span.start, span.end) for span in spans], prepared.normalised)

    def _explain_relevance(self, prepared: _PreparedComment) -> RelevanceReasons:
        return relevance.explain(self._release.relevance, _embedded(prepared))


def _embedded(prepared: _PreparedComment) -> EmbeddedComment:
    return EmbeddedComment(prepared.comment, prepared.encoded.embedding)
