"""Log-odds of probabilities, finite at both ends."""

import numpy as np
import pytest
from scipy.special import logit

from models.log_odds import log_odds


def test_log_odds_are_those_of_scipy() -> None:
    probabilities = np.linspace(0.01, 0.99, 99)

    np.testing.assert_allclose(log_odds(probabilities, clip=1e-6), logit(probabilities), rtol=1e-12, atol=1e-15)


def test_certain_probabilities_are_clipped() -> None:
    assert log_odds([0.0, 1.0], clip=0.1).tolist() == pytest.approx([logit(0.1), logit(0.9)])


def test_one_probability_has_one_value() -> None:
    assert float(log_odds(0.5, clip=1e-6)) == 0.0
