"""Fill the fairness statements: harmless sentences that name a group, for measuring only."""

import re
from collections.abc import Iterator

from training.templates.loader import load_fairness_statements, load_identity_terms

# "a Asian" becomes "an Asian".
_ARTICLE_BEFORE_VOWEL = re.compile(r"\b([Aa])(?= [aeiouAEIO])")


def fill_fairness_statements(max_statements: int | None = None) -> Iterator[tuple[str, str, str]]:
    """Yield (term, statement, text) for every term in every statement, or only in the first `max_statements`."""
    for statement in load_fairness_statements()[:max_statements]:
        for term in load_identity_terms().fairness_terms:
            text = _ARTICLE_BEFORE_VOWEL.sub(r"\1n", statement.replace("{}", term))
            yield term, statement, text[:1].upper() + text[1:]


def term_pattern(term: str) -> re.Pattern[str]:
    """Return a pattern that finds a term in a comment: in any case, in the plural, and with a hyphen or a space."""
    # "African-American" becomes "African[ -]American"; re.escape puts backslashes before spaces and hyphens.
    flexible = re.sub(r"[ -]", "[ -]", re.escape(term).replace(r"\ ", " ").replace(r"\-", "-"))
    return re.compile(rf"\b{flexible}s?\b", re.IGNORECASE)
