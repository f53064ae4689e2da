"""The five sentences that docs/evaluation.md begins with are the released report's figures, rounded."""

import re

from tests.support.docs_pages import find_release, read_page

REPORT = (find_release() / "report.md").read_text(encoding="utf-8")
SENTENCES = re.findall(r"^\d\. (.+(?:\n   .+)*)", read_page("docs/evaluation.md"), re.MULTILINE)


def cells(section: str, *begins: str) -> list[str]:
    """The cells of the report's row that begins with these."""
    rows = REPORT.split(f"\n## {section}\n")[1].split("\n## ")[0].splitlines()
    (row,) = [row for row in rows if row.startswith(f"| {' | '.join(begins)} |")]
    return [cell.strip() for cell in row.strip("|").split("|")]


def per_thousand(percent: str) -> int:
    return round(10 * float(percent.removesuffix("%")))


def numbers(sentence: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", sentence)]


def test_there_are_five_sentences() -> None:
    assert len(SENTENCES) == 5


def test_held_comments() -> None:
    held = [
        per_thousand(cells("What the recommended thresholds hold", source, score)[-1])
        for source in ("c3", "cocolofa")
        for score in ("toxicity", "coherence")
    ]
    assert numbers(SENTENCES[0]) == [1000, *held]


def test_toxic_comments_found() -> None:
    found = [
        round(100 * float(cells("Recall at a workload", source, "recall, 10% held")[2]))
        for source in ("wikipedia_talk (held out, natural rate)", "ucc", "c3")
    ]
    on_wikipedia, _, on_news, _ = numbers(SENTENCES[1])
    assert on_wikipedia == found[0]
    # "About" stands for both sets of the Globe and Mail.
    assert all(abs(on_news - share) <= 3 for share in found[1:])


def test_toxic_comments_approved() -> None:
    missed = [
        per_thousand(cells("Toxicity", source)[-1])
        for source in ("wikipedia_talk (held out, natural rate)", "ucc", "c3")
    ]
    assert numbers(SENTENCES[2]) == [1000, *missed]


def test_weak_kinds() -> None:
    hate, total = numbers(cells("The suite that ships", "implicit hate")[2])
    passed, quoted = numbers(cells("The suite that ships", "quotation")[2])
    assert numbers(SENTENCES[3]) == [hate, total, quoted - passed, quoted]


def test_own_headline_preferred() -> None:
    preferred = float(cells("Relevance", "c3, headline", "AUC, random other")[2])
    assert numbers(SENTENCES[4]) == [round(100 * preferred), 100]
