"""The form of the thresholds page. Its fields are text: thresholds and promises in per cent."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from service.domain.errors import PolicyInvalid
from service.domain.policy.site_policy import MISTAKE_PROMISE_RANGE, Policy
from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.web.formatting import format_percent, parse_percent

MAIN_SCORES = ("toxicity", "relevance", "coherence")
"""Scores whose thresholds are always shown; the others are under "More scores"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdForm:
    """The thresholds and promises that an editor tries. A promise is a limit for mistakes or for held comments.

    `thresholds` has only values that differ from the policy in force. `fields` has the text of every field.
    `adjusted_score` is the score whose threshold may be changed to keep the promises.
    """

    thresholds: Mapping[str, float | None]
    adjusted_score: str
    mistake_promise: int | None
    held_promise: float | None
    fields: Mapping[str, str]

    def query(self, **changes: str) -> str:
        """Return the form as a query string, after replacing the fields in `changes`."""
        return urlencode({**self.fields, **changes})

    def policy_changes(self, saved: Policy) -> dict[str, object]:
        """Return the fields of the policy's next version. `saved` is the newest version, without default thresholds."""
        return {
            "thresholds": {**saved.thresholds, **self.thresholds},
            "mistake_promise": self.mistake_promise,
            "held_promise": self.held_promise,
        }

    def differs_from(self, policy: Policy) -> bool:
        """Return whether a threshold or a promise differs from the policy in force."""
        promises = (self.mistake_promise, self.held_promise)
        return bool(self.thresholds) or promises != (policy.mistake_promise, policy.held_promise)


def parse_query(query: str) -> dict[str, str]:
    """Return the fields of a query string, empty ones included."""
    return dict(parse_qsl(query, keep_blank_values=True))


def fill_in_fields(policy: Policy) -> dict[str, str]:
    """Return the form's fields, filled in with the values of a policy."""
    return {
        **{name: format_percent(policy.thresholds.get(name)) for name in THRESHOLD_NAMES},
        "adjust": "toxicity",
        "one_in": str(policy.mistake_promise or ""),
        "held": format_percent(policy.held_promise),
    }


def parse_form(submitted: Mapping[str, str], policy: Policy) -> ThresholdForm:
    """Parse a form. A missing field has its value in `policy`, the policy in force.

    Raises PolicyInvalid or BodyInvalid, naming the field.
    """
    current = fill_in_fields(policy)
    fields = {name: submitted.get(name, value).strip() for name, value in current.items()}
    if fields["adjust"] not in THRESHOLD_NAMES:
        raise PolicyInvalid("There is no score of this name.", field="adjust")
    # Compare the text, not the numbers: the form shows two decimals, and the policy may have more.
    changed = [name for name in THRESHOLD_NAMES if fields[name] != current[name]]
    return ThresholdForm(
        thresholds={name: parse_percent(fields[name], field=name) for name in changed},
        adjusted_score=fields["adjust"],
        mistake_promise=_parse_one_in(fields["one_in"]),
        held_promise=parse_percent(fields["held"], field="held"),
        fields=fields,
    )


def _parse_one_in(text: str) -> int | None:
    if not text:
        return None
    minimum, maximum = MISTAKE_PROMISE_RANGE
    # `isascii` first: `isdigit` alone also accepts superscripts and the digits of other scripts.
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(maximum))
    if not (is_number and minimum <= int(text) <= maximum):
        raise PolicyInvalid(f"Enter a whole number from {minimum} to {maximum:,}.", field="one_in")
    return int(text)
