"""A release at work: one comment in its context in, all its scores with their reasons out; it decides nothing."""

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
from models.text.normalise import MAX_CHARS, normalise
from models.text.tokens import Tokens, tokenize
from models.toxicity import pipeline as toxicity
from models.toxicity.pipeline import Contributions

__all__ = ["MAX_CHARS", "Scorer"]

INCOHERENT_BELOW = 0.5
"""Coherence at which a text is called incoherent, as the design defines the score: explained even where a release
recommends to hold only what is worse."""

_UNSUPPORTED = "language_not_supported"


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A comment after everything that is done to it once: `comment` has the normalised text."""

    comment: Comment
    normalised: NormalisedText
    reading: Tokens
    language: str
    encoded: Encoded
    contributions: Contributions


class Scorer:
    """Scores comments by one release. Safe to share between threads."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._languages = LanguageDetector()
        self._in_doubt = max(INCOHERENT_BELOW, release.card.thresholds.get("coherence", 0.0))

    @property
    def version(self) -> str:
        """The release's version."""
        return self._release.version

    @property
    def card_hash(self) -> str:
        """The hash of the release's card, which has those of all its files: what scores have to be accounted by."""
        return self._release.card.digest

    @property
    def encoder_identity(self) -> str:
        """What vectors have to be marked with to be used again."""
        return self._release.encoder.identity

    @property
    def perspective_scale(self) -> PerspectiveScale:
        """Our toxicity on the scale of the service that newsrooms come from."""
        return self._release.perspective_scale

    @property
    def recommended_thresholds(self) -> Mapping[str, float]:
        """The thresholds at which a policy holds where a site has set none."""
        return self._release.card.thresholds

    def find_bins(self, scores: Mapping[str, float | None]) -> dict[str, ReliabilityBin]:
        """What was observed where this release gave such scores, for those that its card has measured."""
        return find_bins(self._release.card.metrics, scores)

    def assess(self, comment: Comment, *, explain: bool = True) -> Assessment:
        """Score one comment; without `explain`, sooner and without reasons but those of spam."""
        prepared = self._prepare(comment)
        abstentions = self._abstentions(prepared)
        spam = spam_reasons(comment)
        known = self._scores(prepared, abstentions) | {"spam": float(bool(spam))}
        return Assessment(
            model=self.version,
            language=prepared.language,
            scores={name: known.get(name) for name in SCORES},
            abstentions=abstentions,
            explanation=replace(self._explain(prepared, known) if explain else Explanation(), spam=spam),
            vector=prepared.encoded.embedding,
            decoded=prepared.comment.text if prepared.comment.text != comment.text else "",
        )

    def assess_many(self, comments: Iterable[Comment], *, explain: bool = False) -> Iterator[Assessment]:
        """Score comments in order, each as if it were alone: a batch changes no score."""
        return (self.assess(comment, explain=explain) for comment in comments)

    def embed_article(self, article: Article) -> Article:
        """Answer the article with its embeddings, so that they are not computed again for each comment."""
        return embed_article(self._release.encoder, article)

    def _prepare(self, comment: Comment) -> _Prepared:
        normalised = normalise(comment.text[:MAX_CHARS], html=True)
        text = normalised.text
        reading, encoded = tokenize(text), self._release.encoder.encode(text)
        return _Prepared(
            comment=replace(comment, text=text),
            normalised=normalised,
            reading=reading,
            language=self._languages.identify(text, site_language=comment.language),
            encoded=encoded,
            contributions=toxicity.explain(self._release.toxicity, reading, encoded),
        )

    def _abstentions(self, prepared: _Prepared) -> dict[str, str]:
        if prepared.language not in SUPPORTED:
            return dict.fromkeys((*toxicity.TARGETS, "relevance", "coherence"), _UNSUPPORTED)
        reasons = {
            "relevance": relevance.abstention(self._release.relevance, prepared.comment),
            "coherence": coherence.abstention(prepared.comment.text),
        }
        return {name: reason for name, reason in reasons.items() if reason}

    def _scores(self, prepared: _Prepared, abstentions: Mapping[str, str]) -> dict[str, float | None]:
        scores: dict[str, float | None] = {}
        if "toxicity" not in abstentions:
            scores |= dict(zip(toxicity.TARGETS, map(float, prepared.contributions.probabilities), strict=True))
        if "coherence" not in abstentions:
            scores["coherence"] = float(self._release.coherence.predict_proba([prepared.normalised])[0, 1])
        if "relevance" not in abstentions:
            scores["relevance"] = float(self._release.relevance.predict_proba([_embedded(prepared)])[0, 1])
        return scores

    def _explain(self, prepared: _Prepared, known: Mapping[str, float | None]) -> Explanation:
        return Explanation(
            toxicity=self._explain_toxicity(prepared) if "toxicity" in known else (),
            coherence=self._explain_coherence(prepared) if self._needs_explanation(known) else (),
            relevance=self._explain_relevance(prepared) if "relevance" in known else None,
        )

    def _needs_explanation(self, known: Mapping[str, float | None]) -> bool:
        """Whether a policy may hold the text as incoherent: most are intact, and occluding takes as long as scoring."""
        value = known.get("coherence")
        return value is not None and value <= self._in_doubt

    def _explain_toxicity(self, prepared: _Prepared) -> tuple[Span, ...]:
        return strongest_spans(prepared.contributions.words[:, 0], prepared.reading.spans, prepared.normalised)

    def _explain_coherence(self, prepared: _Prepared) -> tuple[Span, ...]:
        """Map the spans that coherence finds in the normalised text to the original."""
        spans = coherence.explain(self._release.coherence, prepared.comment.text)
        weights = np.array([span.weight for span in spans])
        return strongest_spans(weights, [(span.start, span.end) for span in spans], prepared.normalised)

    def _explain_relevance(self, prepared: _Prepared) -> RelevanceReasons:
        return relevance.explain(self._release.relevance, _embedded(prepared))


def _embedded(prepared: _Prepared) -> EmbeddedComment:
    return EmbeddedComment(prepared.comment, prepared.encoded.embedding)
