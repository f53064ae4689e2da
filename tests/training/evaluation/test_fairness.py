"""Fairness: a model that scores the name of a group is detected."""

from dataclasses import replace

import numpy as np

from training.evaluation.benchmarks import Benchmark
from training.evaluation.fairness import evaluate_identity_auc, evaluate_mentions, evaluate_statements
from training.templates.fairness_statements import fill_fairness_statements, term_pattern
from training.templates.loader import (
    load_fairness_statements,
    load_identity_templates,
    load_identity_terms,
    load_implicit_hate,
)

RNG = np.random.default_rng(6)


def make_benchmark(name: str, texts: list[str], labels: list[float], terms: list[str]) -> Benchmark:
    table = np.array(labels).reshape(-1, 1)
    return Benchmark(
        name=name, texts=texts, labels=table, groups=texts, slices=terms, duplicates=0, natural=True, baseline_auc=None
    )


def test_statements_name_every_group_and_are_held_out() -> None:
    statements, templates = load_fairness_statements(), load_identity_templates()
    texts = {text for _, _, text in fill_fairness_statements()}
    assert len(texts) == len(statements) * len(load_identity_terms().fairness_terms)
    assert not set(statements) & {*templates.neutral, *templates.abusive, *load_implicit_hate().harmless}
    assert all(statement.count("{}") >= 1 for statement in statements)


def test_article_agrees_with_the_word_after_it() -> None:
    texts = {term: text for term, frame, text in fill_fairness_statements() if frame.startswith("A {} friend")}
    assert texts["gay"].startswith("A gay friend")
    assert texts["Irish"].startswith("An Irish friend")


def test_group_that_is_held_more_often_is_detected() -> None:
    rates = evaluate_statements(
        lambda texts: np.array([0.9 if " Sikh" in text else 0.1 for text in texts]), per_group=10, threshold=0.5, seed=1
    )
    rows = {row.metric: row for row in rates.terms}
    assert rows["Sikh"].low > 0.5
    assert rows["old"].value < 0


def test_group_whose_name_is_scored_has_the_worst_bpsn() -> None:
    terms = ["tall", "short", "round"] * 100
    labels = RNG.integers(0, 2, 300).astype(float).tolist()
    texts = [f"{number // 3} {term}" for number, term in enumerate(terms)]
    toxicity = np.array(labels) + np.array([1.5 * (term == "tall") for term in terms]) + RNG.normal(0, 0.3, 300)
    auc = evaluate_identity_auc(make_benchmark("made", texts, labels, terms), toxicity, seed=1)
    worst = {row.metric: row.set for row in auc.worst}
    assert worst["BPSN"] == "made, tall"


def test_mentions_are_compared_with_their_own_set() -> None:
    texts = [f"a Polish remark {number}" if number % 2 else f"a remark {number}" for number in range(200)]
    toxicity = np.array([0.9 if number % 2 and number % 4 == 1 else 0.1 for number in range(200)])
    scored = [(make_benchmark("ucc", texts, [0.0] * 200, [""] * 200), toxicity)]
    (row,) = evaluate_mentions(scored, threshold=0.5, seed=1).terms
    assert row.metric == "Polish"
    assert row.held == 0.5
    assert row.value == 0.25


def test_comments_on_one_article_are_resampled_together() -> None:
    texts = [f"a Polish remark {number}" for number in range(200)]
    toxicity = np.array([0.9 if number < 100 else 0.1 for number in range(200)])
    apart = make_benchmark("c3", texts, [0.0] * 200, [""] * 200)
    (single,) = evaluate_mentions([(apart, toxicity)], threshold=0.5, seed=1).terms
    under_four = replace(apart, groups=[str(number // 50) for number in range(200)])
    (together,) = evaluate_mentions([(under_four, toxicity)], threshold=0.5, seed=1).terms
    assert together.high - together.low > 3 * (single.high - single.low)


def test_terms_are_found_with_hyphen_or_space_and_in_the_plural() -> None:
    assert term_pattern("middle-aged").search("Two middle aged men")
    assert term_pattern("lesbian").search("Lesbians from Leeds")
    assert not term_pattern("trans").search("the transit map")
