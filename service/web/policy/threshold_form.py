"""The form of the thresholds page: thresholds and promises as an address or a form states them, in per cent."""

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
    """The thresholds and promises that an editor tries.

    `thresholds` are those that differ from the policy in force. `fields` is the form as it was filled in.
    `adjusted_score` is the score whose threshold may be changed to keep the promises.
    """

    thresholds: Mapping[str, float | None]
    adjusted_score: str
    mistake_promise: int | None
    held_promise: float | None
    fields: Mapping[str, str]

    def query(self, **changes: str) -> str:
        """Return the query of an address with the same form, but other values for some fields."""
        return urlencode({**self.fields, **changes})

    def policy_changes(self, saved: Policy) -> dict[str, object]:
        """Return the fields of the policy's next version. `saved` is the newest version, without default thresholds."""
        return {
            "thresholds": {**saved.thresholds, **self.thresholds},
            "mistake_promise": self.mistake_promise,
            "held_promise": self.held_promise,
        }

    def differs_from(self, policy: Policy) -> bool:
        """Return whether the form states anything that the policy in force does not."""
        promises = (self.mistake_promise, self.held_promise)
        return bool(self.thresholds) or promises != (policy.mistake_promise, policy.held_promise)


def parse_query(query: str) -> dict[str, str]:
    """Return the fields in a query."""
    return dict(parse_qsl(query, keep_blank_values=True))


def fields_of(policy: Policy) -> dict[str, str]:
    """Return the form's fields as they state a policy."""
    return {
        **{name: format_percent(policy.thresholds.get(name)) for name in THRESHOLD_NAMES},
        "adjust": "toxicity",
        "one_in": str(policy.mistake_promise or ""),
        "held": format_percent(policy.held_promise),
    }


def parse_form(submitted: Mapping[str, str], policy: Policy) -> ThresholdForm:
    """Read a form. A field that is left out keeps its value in the policy in force.

    Raises PolicyInvalid or BodyInvalid, naming the field.
    """
    current = fields_of(policy)
    fields = {name: submitted.get(name, value).strip() for name, value in current.items()}
    if fields["adjust"] not in THRESHOLD_NAMES:
        raise PolicyInvalid("There is no score of this name.", field="adjust")
    # Compared as text: a threshold with more decimals than the form shows is unchanged if its field is.
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
