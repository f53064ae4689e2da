"""Which models are live: the base release for everybody, and each site's own on top of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import structlog

from models.comment import Assessment
from models.release import ReleaseRefused
from models.scorer import Scorer
from models.site_model import SiteModel, open_site_model

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What all models say of a comment; `likely_to_reject` is the site's own model's, where it has one."""

    assessment: Assessment
    site_model: str | None
    scores: Mapping[str, float | None]


class LiveModels:
    """The base scorer and the site models, each opened when first asked for. Safe to share between threads."""

    def __init__(self, open_base: Callable[[], Scorer], site_releases: Path) -> None:
        """`site_releases` holds one folder a site, and in it one a version."""
        self._open_base = open_base
        self._site_releases = site_releases
        self._open = lru_cache(maxsize=256)(self._open_head)

    @cached_property
    def base(self) -> Scorer:
        """The base scorer; raises ReleaseRefused where no release verifies. A service asks before its first request."""
        return self._open_base()

    def add_site_score(self, assessment: Assessment, *, site: str, version: str | None) -> Scoring:
        """The assessment with the score of the site's model `version`, which is None where the site has none."""
        head = self._open(site, version) if version else None
        if head is None:
            return Scoring(assessment=assessment, site_model=None, scores=assessment.scores)
        scores = {**assessment.scores, "likely_to_reject": head.rejection_probability(assessment)}
        return Scoring(assessment=assessment, site_model=version, scores=scores)

    def _open_head(self, site: str, version: str) -> SiteModel | None:
        # A damaged site model must not stop the site: the base scores go on, and the operator is told.
        try:
            return open_site_model(self._site_releases / site / version, base=self.base.version)
        except ReleaseRefused as refusal:
            log.error(  # noqa: TRY400  the reason is the whole story
                "site_model_refused", site=site, version=version, reason=str(refusal)
            )
            return None
