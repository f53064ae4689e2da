"""Metrics of one set: intervals depend on which rows belong together."""

from dataclasses import replace

import numpy as np

from training.evaluation.benchmarks import Benchmark
from training.evaluation.toxicity_metrics import calibrate

RNG = np.random.default_rng(4)
LOG_ODDS = np.repeat(RNG.normal(0, 1.5, 30), 10)
TOXIC = (np.repeat(RNG.random(30), 10) < 1 / (1 + np.exp(-LOG_ODDS))).astype(float)
TEXTS = [f"remark {number}" for number in range(300)]
APART = Benchmark(
    name="c3",
    texts=TEXTS,
    labels=TOXIC.reshape(-1, 1),
    groups=TEXTS,
    slices=[""] * 300,
    duplicates=0,
    natural=True,
    baseline_auc=None,
)


def test_calibration_line_has_a_wider_interval_with_few_articles() -> None:
    toxicity = 1 / (1 + np.exp(-LOG_ODDS))
    under_articles = replace(APART, groups=[str(number // 10) for number in range(300)])
    apart, together = (calibrate(benchmark, toxicity, seed=1).line for benchmark in (APART, under_articles))
    assert apart is not None
    assert together is not None
    assert apart.slope.value == together.slope.value
    assert together.slope.high - together.slope.low > 1.5 * (apart.slope.high - apart.slope.low)
