"""Languages of the pages: their catalogues of strings, and the choice of one for a browser.

Templates mark a string with `{{ _("Queue") }}` or `{% trans %}`; a per cent sign is written `%%` there. English is the
text in the code. Any other language is a file `languages/<code>.po`, made from `languages/messages.pot`. It is compiled
when the service starts, so there is no build step.

`make catalogue` writes `messages.pot` with `pybabel extract`. The functions `extract_*` are named in
`languages/babel.cfg`: they add strings that no template marks.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from gettext import GNUTranslations, NullTranslations
from operator import itemgetter
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from service.domain import errors
from service.domain.errors import DomainError
from service.domain.reasons import REASON_LABELS

LANGUAGES = Path(__file__).parent / "languages"
ENGLISH = "en"

# One language of Accept-Language: its code, then an optional weight, as in "fr-ca;q=0.8" (RFC 9110, 12.5.4).
# Parts of the header that do not look like this are skipped.
_LANGUAGE_RANGE = re.compile(r"([a-z]{1,8}(?:-[a-z0-9]{1,8}){0,4})(?:\s*;\s*q=([01](?:\.\d{0,3})?))?\s*(?:,|$)")

ExtractedMessage = tuple[int, None, str, list[str]]
"""The tuple that a Babel extraction method yields: line number, function name, message, comments."""


def read_languages() -> Mapping[str, NullTranslations]:
    """Return the translations by language code, English included."""
    return {ENGLISH: NullTranslations(), **{path.stem: _compile(path) for path in sorted(LANGUAGES.glob("*.po"))}}


def choose_language(accepted: str, known: Iterable[str]) -> str:
    """Return the known language that an Accept-Language header prefers, or English if it names none of them."""
    ranges = [(float(weight or 1), code) for code, weight in _LANGUAGE_RANGE.findall(accepted.lower())]
    # Languages of equal weight stay in the order of the header. A weight of 0 excludes the language.
    preferred = [code for weight, code in sorted(ranges, key=itemgetter(0), reverse=True) if weight]
    known_by_lowercase = {code.lower(): code for code in known}
    # Without an exact match, Babel tries the language alone: "fr" for "fr-ca".
    negotiated = negotiate_locale(preferred, known_by_lowercase, sep="-")
    return known_by_lowercase[negotiated or ENGLISH]


def extract_errors(*_: object) -> Iterator[ExtractedMessage]:
    """Yield the messages of domain errors, which are their docstrings."""
    for value in vars(errors).values():
        if isinstance(value, type) and issubclass(value, DomainError):
            yield 0, None, value.message(), []


def extract_reasons(*_: object) -> Iterator[ExtractedMessage]:
    """Yield the labels of reasons for rejection."""
    for label in REASON_LABELS.values():
        yield 0, None, label, []


def _compile(path: Path) -> GNUTranslations:
    # gettext reads only the binary .mo format, so the .po file is converted in memory.
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
