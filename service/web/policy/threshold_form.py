"""What an editor tries: thresholds and promises as a form or an address states them, in per cent; saves nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from service.domain.errors import PolicyInvalid
from service.domain.policy.rules import MISTAKE_PROMISES, THRESHOLD_NAMES, Policy

MAIN = ("toxicity", "relevance", "coherence")
"""The scores that every page shows; the others are behind a fold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdForm:
    """What is tried: `stated` are the thresholds that differ from those in force, `fields` the form as filled in."""

    stated: Mapping[str, float | None]
    lever: str
    mistake_promise: int | None
    held_promise: float | None
    fields: Mapping[str, str]

    def query(self, **other: str) -> str:
        """The address's query of the same form, with other fields."""
        return urlencode({**self.fields, **other})

    def changes(self, saved: Policy) -> dict[str, object]:
        """The fields of a new version of the policy; `saved` is the newest as it was saved, without defaults."""
        return {
            "thresholds": {**saved.thresholds, **self.stated},
            "mistake_promise": self.mistake_promise,
            "held_promise": self.held_promise,
        }


def parse_query(query: str) -> dict[str, str]:
    """The fields in a query."""
    return dict(parse_qsl(query, keep_blank_values=True))


def complete(present: Policy) -> dict[str, str]:
    """The form as it is when nothing was tried yet."""
    return {
        **{name: write_percent(present.thresholds.get(name)) for name in THRESHOLD_NAMES},
        "lever": "toxicity",
        "one_in": str(present.mistake_promise or ""),
        "held": write_percent(present.held_promise),
    }


def parse_form(given: Mapping[str, str], present: Policy) -> ThresholdForm:
    """Reads a form; what it leaves out is as it is now. Raises PolicyInvalid naming the field."""
    blank = complete(present)
    fields = {name: given.get(name, value).strip() for name, value in blank.items()}
    if fields["lever"] not in THRESHOLD_NAMES:
        raise PolicyInvalid("There is no score of this name.", field="lever")
    # A threshold with more digits than the form shows has not been changed by being shown.
    moved = [name for name in THRESHOLD_NAMES if fields[name] != blank[name]]
    return ThresholdForm(
        stated={name: read_percent(fields[name], field=name) for name in moved},
        lever=fields["lever"],
        mistake_promise=_read_one_in(fields["one_in"]),
        held_promise=read_percent(fields["held"], field="held"),
        fields=fields,
    )


def write_percent(value: float | None) -> str:
    """A share as the form shows it: per cent with two digits at most, and nothing for None."""
    return "" if value is None else f"{value * 100:.2f}".rstrip("0").rstrip(".")


def read_percent(text: str, *, field: str) -> float | None:
    """A share from per cent, with point or comma; None for nothing. Raises PolicyInvalid."""
    if not text:
        return None
    try:
        value = float(text.replace(",", ".").removesuffix("%"))
    except ValueError:
        raise PolicyInvalid("This is not a number.", field=field) from None
    # The comparison also turns away what is no number although it can be read as one.
    if not 0 <= value <= 100:  # noqa: PLR2004  per cent
        raise PolicyInvalid("A share lies between 0 and 100 per cent.", field=field)
    return round(value / 100, 6)


def _read_one_in(text: str) -> int | None:
    if not text:
        return None
    least, most = MISTAKE_PROMISES
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most):
        raise PolicyInvalid(f"A promise is 1 in {least} up to 1 in {most:,}.", field="one_in")
    return int(text)
