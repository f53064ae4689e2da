"""docs/glossary.md explains the nouns of the code, each in a sentence, with a path that exists."""

import re

import pytest

from tests.support.docs_pages import CLONE, read_page

# What a newcomer meets in the names of classes, tables and pages.
NOUNS = (
    "action",
    "article",
    "audit sample",
    "card",
    "claim",
    "comment",
    "decision",
    "delivery",
    "endpoint",
    "escalation",
    "event",
    "explanation",
    "finding",
    "near-duplicate",
    "passage",
    "policy",
    "promise",
    "queue filter",
    "queue position",
    "release",
    "revision",
    "rule",
    "runtime",
    "score",
    "second review",
    "site",
    "site model",
    "threshold",
    "toxicity embedding",
    "verdict",
)
ROWS = re.findall(r"^\| ([a-z][a-z -]*) \| (.+) \| `([^`]+)` \|$", read_page("docs/glossary.md"), re.MULTILINE)


def test_every_noun_of_the_code_is_explained() -> None:
    assert set(NOUNS) - {term for term, _, _ in ROWS} == set()


def test_terms_are_in_alphabetical_order() -> None:
    terms = [term for term, _, _ in ROWS]
    assert terms == sorted(terms)


@pytest.mark.parametrize(("term", "meaning", "path"), ROWS, ids=[term for term, _, _ in ROWS])
def test_a_term_has_a_short_meaning_and_a_path(term: str, meaning: str, path: str) -> None:
    assert meaning[0].isupper(), term
    assert meaning.endswith("."), term
    assert len(meaning.split()) <= 40, term
    assert (CLONE / path).exists(), path
