"""`commentdesk score`: files of comments in, files of scores out."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from models.comment import SCORES
from service.batch.row_scorer import MAX_THREADS, ROWS_PER_CHUNK
from service.cli import build_cli
from service.settings import Settings

HEADLINE = "Harbour Street to close to cars at weekends"
KIND = "I walk to the fish market every Saturday and the street is far too narrow for cars."
RUDE = "You are a stupid idiot and everybody on this council is a brainless moron."

Score = Callable[..., Result]


@pytest.fixture
def score(tmp_path: Path) -> Score:
    """Run the command in an empty folder, in one process."""

    def run(*arguments: str, stdin: str | bytes | None = None) -> Result:
        settings = Settings(data_dir=tmp_path / "data")
        words = ["score", "--jobs", "1", *(arg.replace("FOLDER", str(tmp_path)) for arg in arguments)]
        return CliRunner().invoke(build_cli(), words, obj=settings, input=stdin, catch_exceptions=False)

    return run


def write_csv(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_row_in_gives_one_row_out_in_order(score: Score, tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", *({"id": f"c{n}", "text": KIND if n % 2 else RUDE} for n in range(5)))
    result = score("FOLDER/in.csv", "--out", "FOLDER/out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in rows] == ["c0", "c1", "c2", "c3", "c4"]
    assert list(rows[0]) == ["id", *SCORES, "model"]
    assert float(rows[0]["toxicity"]) > 0.5 > float(rows[1]["toxicity"])


def test_unknown_scores_are_empty(score: Score, tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", {"text": KIND})
    score("FOLDER/in.csv", "--out", "FOLDER/out.csv")
    (row,) = read_csv(tmp_path / "out.csv")
    assert (row["id"], row["relevance"], row["spam"]) == ("", "", "0")
    assert row["model"]


def test_an_article_given_once_is_used_for_every_row_with_its_id(score: Score, tmp_path: Path) -> None:
    first = {"id": "1", "text": KIND, "article_id": "a", "article_title": ""}
    told = {"id": "2", "text": KIND, "article_id": "a", "article_title": HEADLINE}
    other = {"id": "3", "text": KIND, "article_id": "b", "article_title": ""}
    write_csv(tmp_path / "in.csv", first, told, other)
    score("FOLDER/in.csv", "--out", "FOLDER/out.csv")
    rows = read_csv(tmp_path / "out.csv")
    assert rows[0]["relevance"] == rows[1]["relevance"] != ""
    assert rows[2]["relevance"] == ""


def test_ids_in_json_lines_keep_their_type(score: Score, tmp_path: Path) -> None:
    comments = [{"id": 17, "text": KIND}, {"id": "x", "text": KIND, "likes": 3}, {"text": KIND, "parent_text": None}]
    (tmp_path / "in.jsonl").write_text("\n\n".join(map(json.dumps, comments)), encoding="utf-8")
    assert score("FOLDER/in.jsonl", "--out", "FOLDER/out.jsonl").exit_code == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == [17, "x", None]
    assert rows[0]["relevance"] is None
    assert rows[0]["spam"] == 0


def test_standard_input_goes_to_standard_output(score: Score) -> None:
    result = score("-", "--out", "-", stdin=f"text\n{KIND}\n")
    assert result.exit_code == 0
    assert [row["spam"] for row in csv.DictReader(io.StringIO(result.stdout))] == ["0"]


def test_the_format_of_standard_input_can_be_named(score: Score) -> None:
    result = score("-", "--out", "-", "--format", "jsonl", stdin=json.dumps({"id": "1", "text": KIND}))
    assert json.loads(result.stdout)["id"] == "1"


@pytest.mark.parametrize(
    ("jobs", "rows"),
    [
        pytest.param(2, 70, id="threads"),
        pytest.param(MAX_THREADS + 1, MAX_THREADS * ROWS_PER_CHUNK + 1, id="processes", marks=pytest.mark.slow),
    ],
)
def test_scores_do_not_depend_on_the_number_of_workers(score: Score, tmp_path: Path, jobs: int, rows: int) -> None:
    write_csv(tmp_path / "in.csv", *({"id": str(n), "text": f"{KIND} I counted {n} of them."} for n in range(rows)))
    score("FOLDER/in.csv", "--out", "FOLDER/one.csv")
    score("FOLDER/in.csv", "--out", "FOLDER/many.csv", "--jobs", str(jobs))
    assert (tmp_path / "one.csv").read_text() == (tmp_path / "many.csv").read_text()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (b'"",3', "text: The text is empty."),
        (b"one,two,three", "it has 3 fields, the header 2"),
        (b"caf\xe9,3", "text: It is not UTF-8."),
        (b"a\x00b,3", "text: The character U+0000"),
        (b'"no end,3', "not CSV"),
        (b"x" * 20_001 + b",3", "text: The text is longer than 20000 characters."),
    ],
)
def test_a_bad_csv_row_stops_the_command_and_names_its_line(
    score: Score, tmp_path: Path, row: bytes, problem: str
) -> None:
    (tmp_path / "in.csv").write_bytes(b'text,id\n"fine\nover two lines",1\n\nalso fine,2\n' + row + b"\n")
    result = score("FOLDER/in.csv", "--out", "FOLDER/out.csv")
    assert result.exit_code == 2
    assert f"line 6: {problem}" in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"id": "1"}', "text: The text is empty."),
        ('{"text": 3}', "text: It is not a string."),
        ('{"text": "fine", "id": true}', "id: It is not a string."),
        ('{"text": "\\ud800"}', "text: The character U+D800"),
        ("[" * 100_000, "not JSON: nested too deeply"),
    ],
)
def test_a_bad_json_row_stops_the_command_and_names_its_line(score: Score, row: str, problem: str) -> None:
    result = score("-", "--out", "-", "--format", "jsonl", stdin=f'{{"text": "fine"}}\n{row}\n')
    assert result.exit_code == 2
    assert f"line 2: {problem}" in result.stderr
    assert result.stdout == ""


def test_skip_bad_skips_and_counts_bad_rows(score: Score, tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", *({"id": str(n), "text": text} for n, text in enumerate([KIND, "", KIND, " "])))
    result = score("FOLDER/in.csv", "--out", "FOLDER/out.csv", "--skip-bad")
    assert result.exit_code == 0
    assert [row["id"] for row in read_csv(tmp_path / "out.csv")] == ["0", "2"]
    assert "2 rows scored" in result.stderr
    assert "2 bad rows skipped" in result.stderr


def test_the_text_of_a_bad_row_is_not_repeated(score: Score) -> None:
    result = score("-", "--out", "-", stdin="text\nsecret\x07words\n")
    assert "secret" not in result.stderr


def test_a_csv_without_a_text_column_is_refused(score: Score) -> None:
    for written in ("comment,id\nhello,1\n", "text,text\na,b\n", ""):
        result = score("-", "--out", "-", "--skip-bad", stdin=written)
        assert result.exit_code == 2
        assert "line 1:" in result.stderr


def test_a_byte_order_mark_is_not_part_of_the_header(score: Score) -> None:
    result = score("-", "--out", "-", stdin=f"\ufefftext\n{KIND}\n".encode())
    assert result.exit_code == 0


def test_a_failed_run_does_not_touch_the_last_result(score: Score, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text("yesterday's", encoding="utf-8")
    assert score("-", "--out", "FOLDER/out.csv", stdin="text\n \n").exit_code == 2
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == "yesterday's"


def test_files_that_cannot_be_opened_are_named(score: Score) -> None:
    result = score("FOLDER/nowhere.csv", "--out", "-")
    assert result.exit_code == 2
    assert "nowhere.csv: No such file or directory" in result.stderr
    assert "elsewhere" in score("-", "--out", "FOLDER/elsewhere/out.csv", stdin=f"text\n{KIND}\n").stderr
