"""Our toxicity on the scale of Google's Perspective API, so that a newsroom's old thresholds keep their meaning."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.card import ReleaseRefused
from models.log_odds import log_odds

PERSPECTIVE_FILE = "perspective.json"
CLIP = 1e-6
"""Probabilities closer than this to 0 or 1 are clipped before their log-odds are taken."""


@dataclass(frozen=True, slots=True)
class PerspectiveScale:
    """Knots of a piecewise linear map.

    `log_odds` are those of our toxicity, ascending. `scores` are Perspective's scores at each, never descending.
    """

    log_odds: tuple[float, ...]
    scores: tuple[float, ...]

    def to_perspective(self, toxicity: float) -> float:
        """Return the score (0 to 1) that as many comments exceed on Perspective as exceed `toxicity` here."""
        return float(np.interp(log_odds(toxicity, clip=CLIP), self.log_odds, self.scores))


def write_scale(scale: PerspectiveScale, path: Path, *, figures: Mapping[str, Any]) -> None:
    """Write the knots as JSON, together with the figures that were measured for them."""
    content = {"log_odds": scale.log_odds, "scores": scale.scores, "figures": figures}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_scale(path: Path) -> PerspectiveScale:
    """Read a scale from the JSON of `write_scale`. Raises ReleaseRefused for anything else."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        scale = PerspectiveScale(tuple(map(float, content["log_odds"])), tuple(map(float, content["scores"])))
    except OSError as error:
        raise ReleaseRefused(file=str(path), reason=f"cannot be read ({error.strerror})") from error
    except (ValueError, TypeError, KeyError) as error:
        raise ReleaseRefused(file=str(path), reason="is not a scale") from error
    if not _is_rising(scale):
        raise ReleaseRefused(file=str(path), reason="is a scale that falls somewhere")
    return scale


def _is_rising(scale: PerspectiveScale) -> bool:
    odds, scores = np.array(scale.log_odds), np.array(scale.scores)
    return len(odds) == len(scores) > 1 and bool((np.diff(odds) > 0).all() and (np.diff(scores) >= 0).all())
