"""Conversion of our toxicity to the scale of Google's Perspective API, so that old thresholds still work."""

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
    """A piecewise linear map, given by its knots.

    `log_odds` has our toxicity at each knot, strictly ascending. `scores` has Perspective's score there, not
    descending.
    """

    log_odds: tuple[float, ...]
    scores: tuple[float, ...]

    def to_perspective(self, toxicity: float) -> float:
        """Return Perspective's score (0 to 1) for our `toxicity` (0 to 1).

        Both scores have the same rank: as many comments exceed the one on Perspective as exceed the other here.
        """
        return float(np.interp(log_odds(toxicity, clip=CLIP), self.log_odds, self.scores))


def write_scale(scale: PerspectiveScale, path: Path, *, figures: Mapping[str, Any]) -> None:
    """Write the knots as JSON. `figures` are measurements of the fit, for readers only."""
    content = {"log_odds": scale.log_odds, "scores": scale.scores, "figures": figures}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_scale(path: Path) -> PerspectiveScale:
    """Read the file that `write_scale` wrote. Raises ReleaseRefused if it cannot be read or is not a scale."""
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
