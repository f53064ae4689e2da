"""The models in use: the base release for all sites, and the site models that build on it.

A release is a folder of fitted models. A site model is fitted on the verdicts of one site.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from models.card import ReleaseRefused
from models.comment import Assessment

if TYPE_CHECKING:
    # They import scikit-learn, which takes a second: commands that never score must not wait for it.
    from models.scorer import Scorer
    from models.site_model import SiteModel

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """The assessment of a comment by all models.

    If there is a site model, its version is `site_model_version`, and the scores include `likely_to_reject`.
    """

    assessment: Assessment
    site_model_version: str | None

    @property
    def scores(self) -> Mapping[str, float | None]:
        """The scores by name; an unknown score is None."""
        return self.assessment.scores


class LiveModels:
    """The base scorer and the site models, each opened when it is first used. Safe to share between threads."""

    def __init__(self, open_base: "Callable[[], Scorer]", site_releases: Path) -> None:
        """Take the folder of the site models. The path of one model is `<site>/<version>` in that folder."""
        self._open_base = open_base
        self._site_releases = site_releases
        # A refused model is cached as None, so that its error is logged once and not for every comment.
        self._open_site_model = lru_cache(maxsize=256)(self._read_site_model)

    @cached_property
    def base(self) -> "Scorer":
        """The base scorer. Raises ReleaseRefused if no release can be used; the service opens it before it starts."""
        return self._open_base()

    def add_site_score(self, assessment: Assessment, *, site: str, version: str | None) -> Scoring:
        """Add the score of this version of the site's model. Without a version, no score is added."""
        model = self._open_site_model(site, version) if version else None
        if model is None:
            return Scoring(assessment=assessment, site_model_version=None)
        scores = {**assessment.scores, "likely_to_reject": model.rejection_probability(assessment)}
        return Scoring(assessment=replace(assessment, scores=scores), site_model_version=version)

    def _read_site_model(self, site: str, version: str) -> "SiteModel | None":
        from models.site_model import open_site_model  # imports scikit-learn, see above

        # A damaged site model must not stop the site. The base scores are still used, and the log has an error.
        try:
            return open_site_model(self._site_releases / site / version, base=self.base.version)
        except ReleaseRefused as refusal:
            log.error(  # noqa: TRY400  the traceback would add nothing to the reason
                "site model refused", site=site, version=version, reason=str(refusal)
            )
            return None
