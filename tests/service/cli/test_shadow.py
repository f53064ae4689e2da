"""`commentdesk shadow`: distributions, thresholds and differences of a file, without sending anything."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service.batch.shadow import Pair, Recorded, compare
from service.cli import build_cli
from service.settings import Settings
from tests.support.builders import INSULT, PRAISE


def shadow(tmp_path: Path, written: str, *options: str) -> Result:
    (tmp_path / "in.csv").write_text(written, encoding="utf-8")
    arguments = ["shadow", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out.html"), *options]
    return CliRunner().invoke(build_cli(), arguments, obj=Settings(data_dir=tmp_path))


def a_pair(perspective: float, own_score: float) -> Pair:
    return Pair(recorded=Recorded(line=1, id="", text="x", score=perspective), own_score=own_score)


def test_shares_at_a_threshold_add_up() -> None:
    comparison = compare([a_pair(0.9, 0.95), a_pair(0.9, 0.1), a_pair(0.1, 0.85), a_pair(0.1, 0.1)])
    at = {found.threshold: found for found in comparison.thresholds}[0.8]
    assert (at.both, at.only_perspective, at.only_commentdesk, at.same_side) == (0.25, 0.25, 0.25, 0.5)
    assert sum(comparison.shares_commentdesk) == sum(comparison.shares_perspective) == 1
    assert abs(comparison.disagreements[0].difference) == pytest.approx(0.8)


def test_a_file_becomes_a_report(tmp_path: Path) -> None:
    french = "Je ne comprends pas pourquoi la mairie veut fermer la bibliothèque."
    rows = f"id,text,perspective\n1,{PRAISE},0.04\n2,{INSULT},0.93\n3,{french},0.1\n".replace(", ", " ")
    result = shadow(tmp_path, rows)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith("2 texts, rank correlation 1.000")
    assert "<svg" in page
    assert "disgusting" not in page
    assert "http" not in page, "the report needs nothing else"


def test_with_texts_shows_escaped_texts(tmp_path: Path) -> None:
    shadow(
        tmp_path,
        "text,score\n<script>alert(1)</script> is no argument for a tram,0.5\n",
        "--column",
        "score",
        "--with-texts",
    )
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("text\nx\n", "no column named 'perspective'"),
        ("text,perspective\nA fine report,high\n", "line 2: perspective: not a number"),
        ("text,perspective\nA fine report,1.5\n", "line 2: perspective: a score must be between 0 and 1"),
        ("text,perspective\n,0.5\n", "line 2: text: The text is empty"),
        ("text,perspective\n", "no text with both scores"),
    ],
)
def test_an_invalid_file_is_refused_with_the_reason(tmp_path: Path, written: str, problem: str) -> None:
    result = shadow(tmp_path, written)
    assert result.exit_code == 2
    assert problem in result.output
    assert not (tmp_path / "out.html").exists()
