"""The catalogue: every string of the pages by language, and the command that collects them; no page is made here.

Templates say `{{ _("Queue") }}` or `{% trans %}`, with `%%` for a per cent sign. A label that a list in Python holds
goes through `_` where it is shown, and is marked for the collection with `mark`. English is the text in the code
itself; another language is a file `languages/<code>.po`, made from `languages/messages.pot` and read when the service
starts: no build step.
"""

import io
import re
from collections.abc import Iterator, Mapping
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from service.domain.errors import DomainError
from service.domain.reasons import REASON_LABELS

HERE = Path(__file__).parent
LANGUAGES = HERE / "languages"
TEMPLATE = LANGUAGES / "messages.pot"
OWN = "en"

_METHODS = [("**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]
# The time of writing would make every collection another file, and the rest are blanks to fill in.
_WANDERING = r'"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid|Last-Tr|Language-Team)[^\n]*\n'
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}
_HEADER = "# Every string of the review pages. `python -m service.web.catalogue` writes this file; do not edit it.\n#"


def mark(text: str) -> str:
    """The text itself; says to the collection that a page shows it."""
    return text


def read_languages() -> Mapping[str, NullTranslations]:
    """Translations by language code, English (the code's own words) among them."""
    read = {path.stem: _read(path) for path in sorted(LANGUAGES.glob("*.po"))}
    return {OWN: NullTranslations(), **read}


def choose_language(accepted: str, known: Mapping[str, object]) -> str:
    """The best of the known languages for an Accept-Language header; English where it names none of them."""
    for code in _by_preference(accepted):
        if code in known:
            return code
    return OWN


def collect() -> str:
    """The template of all strings, as `messages.pot` has it: in order of the alphabet, so that lines do not wander."""
    catalogue = Catalog(project="Commentdesk", version="1", header_comment=_HEADER, fuzzy=False)
    found = extract_from_dir(str(HERE), method_map=_METHODS, options_map=_options(), keywords=_KEYWORDS)
    for _path, _line, message, _comments, context in found:
        catalogue.add(message, context=context)
    for words in (*REASON_LABELS.values(), *_list_messages(DomainError)):
        catalogue.add(words)
    written = io.BytesIO()
    write_po(written, catalogue, sort_output=True, omit_header=False, width=0)
    return re.sub(_WANDERING, "", written.getvalue().decode())


def _options() -> dict[str, dict[str, str]]:
    return {"**.html": {"trimmed": "true", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}}


def _list_messages(error: type[DomainError]) -> Iterator[str]:
    # Of the domain's own: what else has been imported must not change the catalogue.
    if error.__module__ == DomainError.__module__:
        yield error.message()
    for narrower in error.__subclasses__():
        yield from _list_messages(narrower)


def _by_preference(accepted: str) -> Iterator[str]:
    weighed = []
    for part in accepted.split(","):
        code, _, weight = part.strip().partition(";q=")
        weighed.append((-_number(weight), code.strip().partition("-")[0].lower()))
    yield from (code for weight, code in sorted(weighed, key=lambda pair: pair[0]) if weight)


def _number(weight: str) -> float:
    try:
        return float(weight) if weight else 1.0
    except ValueError:
        return 0.0


def _read(path: Path) -> GNUTranslations:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


if __name__ == "__main__":
    TEMPLATE.write_text(collect(), encoding="utf-8")
