"""Fill the identity templates: sentences that name groups, neutrally and abusively.

Corpora of real comments name some groups mostly in anger, so a model learns that the name is toxic (Dixon et al. 2018).
Here every term fills every template, so the term alone does not predict toxicity.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from training.templates.loader import (
    IdentityTemplates,
    load_extra_identity_templates,
    load_identity_templates,
    load_identity_terms,
)


@dataclass(frozen=True, slots=True)
class IdentitySentence:
    """A filled template with its term, and whether it is abuse."""

    text: str
    term: str
    is_abusive: bool


@cache
def identity_pattern() -> re.Pattern[str]:
    """Return a pattern that finds an identity term in lowercase text, in the singular or the plural."""
    # Longest first, because an alternation takes its first match: "african american" before "african".
    terms = sorted(load_identity_terms().terms, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(terms)})s?\b")


def fill_identity_templates() -> Iterator[IdentitySentence]:
    """Yield every identity template with every term."""
    for template, is_abusive in _templates(load_identity_templates()):
        for term in load_identity_terms().terms:
            yield IdentitySentence(template.format(term), term, is_abusive)


def fill_extra_identity_templates() -> Iterator[tuple[str, IdentitySentence]]:
    """Yield (template, filled sentence) for every extra identity template with every term."""
    for template, is_abusive in _templates(load_extra_identity_templates()):
        for term in load_identity_terms().terms:
            text = template.format(term)
            # A template that starts with its placeholder starts a sentence, so the term needs a capital there.
            starts_sentence = not template[0].islower()
            yield template, IdentitySentence(text[0].upper() + text[1:] if starts_sentence else text, term, is_abusive)


def _templates(templates: IdentityTemplates) -> Iterator[tuple[str, bool]]:
    """Yield each template, and whether it is abusive."""
    yield from ((template, False) for template in templates.neutral)
    yield from ((template, True) for template in templates.abusive)
