"""Spam rules are measured on labels that they were not derived from."""

from pathlib import Path

from tests.support.synthetic_corpora import write_corpus
from training.corpora.keys import dedup_key
from training.corpora.licensed_corpora import Corpora
from training.evaluation.results import RuleCount
from training.evaluation.spam import evaluate_spam

LURE = "Please subscribe to my channel, song number"


def test_precision_recall_and_false_positives(tmp_path: Path) -> None:
    texts = [(f"{LURE} {number}", "1") for number in range(6)]
    texts += [(f"Buy it, it is a lovely thing {number}", "1") for number in range(2)]
    texts += [(f"I cried at minute {number}", "0") for number in range(8)]
    rows = [{"text": text, "spam": spam, "dedup_key": dedup_key(text)} for text, spam in texts]
    write_corpus(tmp_path, "youtube", rows)
    result = evaluate_spam(Corpora(tmp_path), seed=1)
    found = {row.metric: row.value for row in result.rows}
    assert found == {"precision": 1.0, "recall": 0.75, "harmless held": 0.0}
    assert RuleCount(rule="channel_lure", fired=6, correct=6) in result.rules
