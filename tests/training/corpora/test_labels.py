"""Labels: what a row's raters say, as hard labels and as soft targets."""

import math
from collections.abc import Callable

import pytest

from models.toxicity.pipeline import TARGETS
from training.corpora.keys import Row
from training.corpora.labels import Labels, label, soft_targets

Read = Callable[[str, Row], Labels | None]


def civil_spans(**shares: str) -> dict[str, str]:
    zero = dict.fromkeys(("toxicity", "insult", "obscene", "identity_attack", "threat"), "0.0")
    return {**zero, **shares}


@pytest.mark.parametrize(("share", "expected"), [("0.7", 1.0), ("0.1", 0.0)])
def test_raters_who_agree_give_a_label(share: str, expected: float) -> None:
    labels = label("civil_spans", dict.fromkeys(civil_spans(), share))
    assert labels is not None
    assert labels[0] == expected


def test_raters_who_disagree_give_no_label() -> None:
    assert label("civil_spans", {"toxicity": "0.4"}) is None
    assert soft_targets("civil_spans", civil_spans(toxicity="0.3333")) is None


def test_the_more_raters_call_a_comment_toxic_the_higher_its_target() -> None:
    none, most, everyone = (
        soft_targets("civil_spans", civil_spans(toxicity=share)) for share in ("0.0", "0.6667", "1.0")
    )
    assert none
    assert most
    assert everyone
    assert 0 < none[0] < 1 / 2 < most[0] < everyone[0] < 1


@pytest.mark.parametrize("read", [label, soft_targets])
def test_an_unrated_attribute_is_unknown_unless_the_row_is_harmless(read: Read) -> None:
    toxic = read("surge", {"toxic": "1"})
    assert toxic is not None
    assert toxic[0] == 1
    assert all(math.isnan(value) for value in toxic[1:])
    assert read("surge", {"toxic": "0"}) == (0.0,) * len(TARGETS)


def test_a_harmless_row_has_no_attribute_whatever_its_raters_said() -> None:
    row = {
        "toxic": "0",
        "severe_toxic": "0.0",
        "insult": "1.0",
        "obscene": "1.0",
        "threat": "0.0",
        "identity_hate": "0.0",
    }
    assert label("wikipedia_talk", row) == (0.0,) * len(TARGETS) == soft_targets("wikipedia_talk", row)
    labels = label("wikipedia_talk", {**row, "toxic": "1"})
    assert labels is not None
    assert sum(labels) == 3


@pytest.mark.parametrize("source", ["hatemoji_build", "toxigen", "fox"])
def test_a_toxic_row_of_a_hate_corpus_is_an_identity_attack(source: str) -> None:
    targets = soft_targets(source, {"toxic": "1", "type": "threateninglanguage"})
    assert targets
    assert targets[TARGETS.index("identity_attack")] == 1
    assert (targets[TARGETS.index("threat")] == 1) == (source == "hatemoji_build")
