"""The suite that ships: it has sense in it, nothing learns from it, and it runs without corpora."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.card import read_card, write_card
from models.release import newest_release
from training.__main__ import cli
from training.augmentation.generate import generate, generate_untaught
from training.corpora.registry import dedup_key
from training.evaluation.behavioural_suite import (
    SUITE_FILE,
    Case,
    Outcome,
    count_passes,
    find_suite,
    read_suite,
    run_suite,
)
from training.templates import identity_extra, implicit_hate, insults_and_threats, opinions
from training.templates.fairness_statements import write_statements
from training.templates.identity import write_sentences
from training.templates.plain_comments import PLAIN

RELEASED = Path(__file__).parents[2] / "models" / "released"


def test_every_function_has_cases_enough_and_none_stands_twice() -> None:
    cases = read_suite()
    assert len({case.text for case in cases}) == len(cases) > 500
    assert min(Counter(case.function for case in cases).values()) >= 10


def test_nothing_that_is_taught_or_measured_elsewhere_is_in_it() -> None:
    taught = {made.key for made in generate(seed=7) + generate_untaught(seed=7)}
    taught |= {dedup_key(sentence.text) for sentence in write_sentences()}
    taught |= {dedup_key(text) for _, _, text in write_statements()}
    fixed = {
        dedup_key(text) for text in (*PLAIN, *implicit_hate.HEATED, *implicit_hate.RECLAIMED, *implicit_hate.THREATS)
    }
    keys = {dedup_key(case.text) for case in read_suite() if case.text.isascii()}
    assert not keys & (taught | fixed)


def test_no_sentence_of_it_has_five_words_in_a_row_of_what_was_taught_last() -> None:
    frames = (
        *insults_and_threats.REPORTED,
        *insults_and_threats.SAID,
        *insults_and_threats.MENACED,
        *insults_and_threats.UNHARMED,
        *identity_extra.KIND,
        *identity_extra.RUDE,
    )
    frames += (*opinions.ARGUED, *opinions.SNEERED)
    taught = {
        run
        for text in (*frames, *insults_and_threats.MENACES, *insults_and_threats.CHEERFUL)
        for run in runs_of_words(text)
    }
    measured = {*(case.text for case in read_suite()), *(frame for _, frame, _ in write_statements())}
    shared = {text: taught & runs_of_words(text) for text in measured}
    assert not {text: runs for text, runs in shared.items() if runs}


def runs_of_words(text: str, size: int = 5) -> set[tuple[str, ...]]:
    words = re.findall(r"[a-z']+", text.lower())
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}


def test_what_makes_no_sense_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "suite.csv"
    path.write_text("function,text,score,expected\ninsult,You fool.,toxicity,banned\n")
    with pytest.raises(ValueError, match="toxicity banned"):
        read_suite(path)


def test_a_release_with_a_suite_of_its_own_is_checked_by_that(tmp_path: Path) -> None:
    assert find_suite(tmp_path) != tmp_path / "suite.csv"
    (tmp_path / "suite.csv").write_text("")
    assert find_suite(tmp_path) == tmp_path / "suite.csv"


def test_pass_rates_are_by_function_with_an_interval() -> None:
    case = Case("insult", "You fool.", "toxicity", "held")
    (row,) = count_passes([Outcome(case, "held", 0.9)] * 3 + [Outcome(case, "passed", 0.1)])
    assert (row["function"], row["passed"], row["n"], row["value"]) == ("insult", 3, 4, 0.75)
    assert row["low"] < 0.75 < row["high"]


def test_a_release_is_judged_as_it_serves() -> None:
    cases = [
        Case("insult", "You stupid idiot.", "toxicity", "held"),
        Case("generic", "Indeed!", "relevance", "unknown"),
        Case("promotion", "Subscribe to my channel please", "spam", "held"),
        Case("plain", "The ferry runs again on Monday.", "coherence", "passed"),
    ]
    assert all(outcome.has_passed for outcome in run_suite(newest_release(RELEASED), cases))


def test_of_several_releases_the_newest_is_checked_by_its_own_suite(tmp_path: Path) -> None:
    version = newest_release(RELEASED).version
    folder = shutil.copytree(RELEASED / version, tmp_path / version)
    (folder / SUITE_FILE).write_text("function,text,score,expected\nown,A fine day at the pool.,toxicity,passed\n")
    write_card(folder, read_card(folder))
    result = CliRunner().invoke(cli, ["suite", "--release", str(tmp_path)])
    assert [line.split()[0] for line in result.output.splitlines()] == ["own"]


def test_the_command_prints_rates_and_failures(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("function,text,score,expected\nnonsense,A fine day at the pool.,toxicity,held\n")
    result = CliRunner().invoke(cli, ["suite", "--release", str(RELEASED), "--cases", str(path), "--failures"])
    assert result.exit_code == 0
    assert "0 of 1" in result.output
    assert "A fine day at the pool." in result.output
