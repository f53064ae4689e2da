"""Our toxicity on Perspective's scale, so that a newsroom's old thresholds keep their meaning; it fits nothing."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.card import ReleaseRefused

PERSPECTIVE_FILE = "perspective.json"
CERTAIN = 1e-6
"""How near to 0 or 1 a probability may come before its log-odds are taken."""


@dataclass(frozen=True, slots=True)
class PerspectiveScale:
    """Knots of a rising line: log-odds of our toxicity, ascending, and Perspective's score at each, never falling."""

    log_odds: tuple[float, ...]
    scores: tuple[float, ...]

    def to_perspective(self, toxicity: float) -> float:
        """Answer the score, 0 to 1, that Perspective gives to as small a share of comments as we give `toxicity`."""
        kept = min(1 - CERTAIN, max(CERTAIN, toxicity))
        return float(np.interp(math.log(kept / (1 - kept)), self.log_odds, self.scores))


def write_scale(scale: PerspectiveScale, path: Path, *, figures: Mapping[str, Any]) -> None:
    """Write the knots, with what was measured of them, as JSON."""
    known = {"log_odds": scale.log_odds, "scores": scale.scores, "figures": figures}
    path.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


def read_scale(path: Path) -> PerspectiveScale:
    """Read what `write_scale` wrote. Raises ReleaseRefused for anything else."""
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        scale = PerspectiveScale(tuple(map(float, known["log_odds"])), tuple(map(float, known["scores"])))
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
