"""The behavioural suite that ships is valid, held out of training, and runs without corpora."""

import re
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.release import Release
from tests.support.paths import RELEASED
from training.augmentation.generate import generate, generate_held_out
from training.cli import build_cli
from training.corpora.keys import dedup_key
from training.evaluation.behavioural_suite import (
    BehaviouralCase,
    CaseResult,
    measure_pass_rates,
    read_suite,
    run_suite,
)
from training.templates.fairness_statements import fill_fairness_statements
from training.templates.identity import fill_identity_templates
from training.templates.loader import (
    load_extra_identity_templates,
    load_implicit_hate,
    load_insults_and_threats,
    load_opinions,
    load_plain_comments,
)


def test_functions_have_enough_cases_and_no_case_is_repeated() -> None:
    cases = read_suite()
    assert len({case.text for case in cases}) == len(cases) > 500
    assert min(Counter(case.function for case in cases).values()) >= 10


def test_suite_shares_no_text_with_training_or_other_benchmarks() -> None:
    taught = {made.key for made in generate(seed=7) + generate_held_out(seed=7)}
    taught |= {dedup_key(sentence.text) for sentence in fill_identity_templates()}
    taught |= {dedup_key(text) for _, _, text in fill_fairness_statements()}
    hate = load_implicit_hate()
    fixed = {dedup_key(text) for text in (*load_plain_comments(), *hate.heated, *hate.reclaimed, *hate.threats)}
    keys = {dedup_key(case.text) for case in read_suite() if case.text.isascii()}
    assert not keys & (taught | fixed)


def test_suite_shares_no_five_words_in_a_row_with_templates() -> None:
    insults, identities, opinions = load_insults_and_threats(), load_extra_identity_templates(), load_opinions()
    templates = (
        *insults.reported_insults,
        *insults.direct_insults,
        *insults.threats_to_victim,
        *insults.harmless_to_victim,
        *insults.threats,
        *insults.harmless,
        *identities.neutral,
        *identities.abusive,
        *opinions.civil,
        *opinions.contemptuous,
    )
    taught = {run for text in templates for run in runs_of_words(text)}
    measured = {*(case.text for case in read_suite()), *(frame for _, frame, _ in fill_fairness_statements())}
    shared = {text: taught & runs_of_words(text) for text in measured}
    assert not {text: runs for text, runs in shared.items() if runs}


def runs_of_words(text: str, size: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def test_unknown_expectation_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    path.write_text("function,text,score,expected\ninsult,You fool.,toxicity,banned\n")
    with pytest.raises(ValueError, match="toxicity banned"):
        read_suite(path)


def test_pass_rates_are_by_function_with_an_interval() -> None:
    case = BehaviouralCase("insult", "You fool.", "toxicity", "held")
    (row,) = measure_pass_rates([CaseResult(case, "held", 0.9)] * 3 + [CaseResult(case, "passed", 0.1)])
    assert (row.function, row.passed, row.n, row.value) == ("insult", 3, 4, 0.75)
    assert row.low < 0.75 < row.high


def test_cases_are_scored_as_in_the_service(release: Release) -> None:
    cases = [
        BehaviouralCase("insult", "You stupid idiot.", "toxicity", "held"),
        BehaviouralCase("generic", "Indeed!", "relevance", "unknown"),
        BehaviouralCase("promotion", "Subscribe to my channel please", "spam", "held"),
        BehaviouralCase("plain", "The ferry runs again on Monday.", "coherence", "passed"),
    ]
    assert all(result.has_passed for result in run_suite(release, cases))


def test_command_prints_rates_and_failures(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("function,text,score,expected\nnonsense,A fine day at the pool.,toxicity,held\n")
    result = CliRunner().invoke(build_cli(), ["suite", "--release", str(RELEASED), "--cases", str(path), "--failures"])
    assert result.exit_code == 0
    assert "0 of 1" in result.output
    assert "A fine day at the pool." in result.output
