"""What is said of one set: intervals heed which rows belong together."""

from dataclasses import replace

import numpy as np

from training.evaluation.benchmarks import Benchmark
from training.evaluation.toxicity_metrics import calibrate

RNG = np.random.default_rng(4)
ODDS = np.repeat(RNG.normal(0, 1.5, 30), 10)
TOXIC = (np.repeat(RNG.random(30), 10) < 1 / (1 + np.exp(-ODDS))).astype(float)
TEXTS = [f"remark {number}" for number in range(300)]
APART = Benchmark(
    name="c3",
    texts=TEXTS,
    labels=TOXIC.reshape(-1, 1),
    groups=TEXTS,
    slices=[""] * 300,
    copies=0,
    natural=True,
    floor=None,
)


def test_a_line_of_comments_under_few_articles_is_less_sure() -> None:
    said = 1 / (1 + np.exp(-ODDS))
    under_articles = replace(APART, groups=[str(number // 10) for number in range(300)])
    apart, together = (calibrate(each, said, seed=1)["line"]["slope"] for each in (APART, under_articles))
    assert apart["value"] == together["value"]
    assert together["high"] - together["low"] > 1.5 * (apart["high"] - apart["low"])
