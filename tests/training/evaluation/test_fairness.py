"""Fairness: a model that scores a name is found out."""

from dataclasses import replace

import numpy as np

from training.evaluation.benchmarks import Benchmark
from training.evaluation.fairness import evaluate_areas, evaluate_mentions, evaluate_statements
from training.templates.fairness_statements import FRAMES, TERMS, naming, write_statements
from training.templates.identity import KIND, RUDE
from training.templates.implicit_hate import HARMLESS

RNG = np.random.default_rng(6)


def make_benchmark(name: str, texts: list[str], labels: list[float], terms: list[str]) -> Benchmark:
    table = np.array(labels).reshape(-1, 1)
    return Benchmark(
        name=name, texts=texts, labels=table, groups=texts, slices=terms, copies=0, natural=True, floor=None
    )


def test_every_statement_names_every_group_and_none_is_taught() -> None:
    assert len({text for _, _, text in write_statements()}) == len(FRAMES) * len(TERMS)
    assert not set(FRAMES) & {*KIND, *RUDE, *HARMLESS}
    assert all(frame.count("{}") >= 1 for frame in FRAMES)


def test_an_article_fits_the_word_after_it() -> None:
    texts = {term: text for term, frame, text in write_statements() if frame.startswith("A {} friend")}
    assert texts["gay"].startswith("A gay friend")
    assert texts["Irish"].startswith("An Irish friend")


def test_a_group_that_is_held_more_often_stands_out() -> None:
    facts = evaluate_statements(
        lambda texts: np.array([0.9 if " Sikh" in text else 0.1 for text in texts]), most=10, threshold=0.5, seed=1
    )
    rows = {row["measure"]: row for row in facts["terms"]}
    assert rows["Sikh"]["low"] > 0.5
    assert rows["old"]["value"] < 0


def test_the_group_whose_name_is_scored_has_the_worst_bpsn() -> None:
    terms = ["tall", "short", "round"] * 100
    labels = RNG.integers(0, 2, 300).astype(float).tolist()
    texts = [f"{number // 3} {term}" for number, term in enumerate(terms)]
    said = np.array(labels) + np.array([1.5 * (term == "tall") for term in terms]) + RNG.normal(0, 0.3, 300)
    facts = evaluate_areas(make_benchmark("made", texts, labels, terms), said, seed=1)
    worst = {row["measure"]: row["set"] for row in facts["worst"]}
    assert worst["BPSN"] == "made, tall"


def test_mentions_are_held_against_their_own_set() -> None:
    texts = [f"a Polish remark {number}" if number % 2 else f"a remark {number}" for number in range(200)]
    said = np.array([0.9 if number % 2 and number % 4 == 1 else 0.1 for number in range(200)])
    scored = [(make_benchmark("ucc", texts, [0.0] * 200, [""] * 200), said)]
    (row,) = evaluate_mentions(scored, threshold=0.5, seed=1)["terms"]
    assert row["measure"] == "Polish"
    assert row["held"] == 0.5
    assert row["value"] == 0.25


def test_comments_under_one_article_are_drawn_together() -> None:
    texts = [f"a Polish remark {number}" for number in range(200)]
    said = np.array([0.9 if number < 100 else 0.1 for number in range(200)])
    apart = make_benchmark("c3", texts, [0.0] * 200, [""] * 200)
    (single,) = evaluate_mentions([(apart, said)], threshold=0.5, seed=1)["terms"]
    under_four = replace(apart, groups=[str(number // 50) for number in range(200)])
    (together,) = evaluate_mentions([(under_four, said)], threshold=0.5, seed=1)["terms"]
    assert together["high"] - together["low"] > 3 * (single["high"] - single["low"])


def test_a_name_is_found_with_a_hyphen_or_a_space_and_in_the_plural() -> None:
    assert naming("middle-aged").search("Two middle aged men")
    assert naming("lesbian").search("Lesbians from Leeds")
    assert not naming("trans").search("the transit map")
