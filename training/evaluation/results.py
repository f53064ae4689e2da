"""The results of an evaluation, as frozen dataclasses that are written to JSON and read again."""

from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar

from pydantic import TypeAdapter

from training.evaluation.risk_control import Promise
from training.release.perspective_scale import ScaleAgreement
from training.statistics.bootstrap import Estimate, Measurement, PairedDifference
from training.statistics.metrics import CalibrationBin, Curve

T = TypeVar("T")
Outcome = Literal["held", "passed", "unknown"]
"""What a threshold does with a case of the behavioural suite: see `behavioural_suite`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetResult(Measurement):
    """The AUC of toxicity on one set, and what is held and missed there.

    `duplicates` rows were left out because a release trains on the same text. `baseline_auc` is the AUC of earlier
    n-grams. `recall` has one value for each of WORKLOADS. `workloads` has the same values with intervals, but only for
    sets at their natural rate. `held` is the share of rows beyond the threshold, `missed` the toxic share of others.
    """

    positives: int
    duplicates: int
    baseline_auc: float | None
    recall: tuple[float, ...]
    workloads: tuple[Measurement, ...]
    held: float
    missed: float
    roc: Curve
    precision: Curve
    workload: Curve


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(PairedDifference):
    """A release compared with a named baseline on the same rows."""

    baseline: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OutOfFoldResult:
    """The AUC on a corpus whose held-out split is too small, and its difference from that of n-grams."""

    auc: Measurement
    difference: PairedDifference


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceResult:
    """The AUC of one kind of rows, such as those that name one group, and the mean score of its harmless rows."""

    set: str
    slice: str
    rows: int
    auc: float
    mean_of_negatives: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeResult(Measurement):
    """The AUC of an attribute, such as insult, on one set."""

    positives: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationLine:
    """Slope and intercept of the observed log-odds on the predicted ones. Ideal values are 1 and 0."""

    slope: Estimate
    intercept: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationResult:
    """How well predicted probabilities match observed rates on a set at its natural rate, and the promises there.

    `rate` is the share of toxic rows, `error` the expected calibration error, and `skill` the Brier skill score.
    `above` is one bin of all rows with a probability of .5 or more. `line` is None if one class has too few rows.
    """

    set: str
    rate: float
    error: float
    bins: tuple[CalibrationBin, ...]
    line: CalibrationLine | None
    skill: float
    above: CalibrationBin | None
    promises: tuple[Promise, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TermAuc:
    """The three AUC of one identity term (Borkan et al. 2019)."""

    term: str
    rows: int
    subgroup: float
    bpsn: float
    bnsp: float

    def of_kind(self, kind: str) -> float:
        """Return the AUC of one of the kinds "subgroup", "BPSN" and "BNSP"."""
        return {"subgroup": self.subgroup, "BPSN": self.bpsn, "BNSP": self.bnsp}[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityAuc:
    """The AUC by identity term, and the worst term of each kind with its interval."""

    terms: tuple[TermAuc, ...] = ()
    worst: tuple[Measurement, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRate(Measurement):
    """How much more often harmless texts about a group are held than others; `held` is the group's own rate."""

    held: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRates:
    """The rate at which `n` harmless texts are held, and each group's difference from it."""

    held: float
    n: int
    terms: tuple[TermRate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObfuscationResult:
    """What an obfuscation costs. A measurement is None if the obfuscation changes no comment that it counts."""

    obfuscation: str
    recall_kept: Measurement | None
    false_positives_added: Measurement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How often a spam rule fired, and how often it was right."""

    rule: str
    fired: int
    correct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamResult:
    """Precision, recall and false positives of all spam rules together, and counts for each rule."""

    rows: tuple[Measurement, ...]
    rules: tuple[RuleCount, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRate(Estimate):
    """How many of the `n` cases of one function of the behavioural suite passed."""

    function: str
    score: str
    expected: Outcome
    n: int
    passed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldRate:
    """The share of a set's comments that is beyond a recommended threshold, among those whose score is known."""

    set: str
    score: str
    threshold: float
    known: int
    rows: int
    held: float


# The next two have no slots, so that `vars` turns one into keyword arguments of the other.
@dataclass(frozen=True, kw_only=True)
class ToxicityEvaluation:
    """All results on toxicity. `against` has the comparisons with baselines.

    `perspective` is None if no set has scores of Perspective.
    """

    toxicity: tuple[SetResult, ...]
    against: tuple[Comparison, ...]
    slices: tuple[SliceResult, ...]
    lengths: tuple[SliceResult, ...]
    attributes: tuple[AttributeResult, ...]
    calibration: tuple[CalibrationResult, ...]
    perspective: ScaleAgreement | None
    identity_auc: IdentityAuc
    statements: TermRates
    mentions: TermRates
    obfuscations: tuple[ObfuscationResult, ...]


@dataclass(frozen=True, kw_only=True)
class Evaluation(ToxicityEvaluation):
    """All results on a release. `quick` is true if only a part of each set was measured."""

    quick: bool
    relevance: tuple[Measurement, ...]
    coherence: tuple[Measurement, ...]
    spam: SpamResult
    suite: tuple[PassRate, ...]
    hold_rates: tuple[HoldRate, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the results as dictionaries, lists and numbers."""
        return asdict(self)


def from_json(kind: type[T], data: Any) -> T:
    """Return results of this class from their JSON data. Raises ValueError if the data do not fit the class."""
    return TypeAdapter(kind).validate_python(data)
