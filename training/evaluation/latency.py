"""Times a release in process, without the web service, and other models in the same run.

One thread means one thread of NumPy, of ONNX Runtime and of PyTorch. Texts have fifty words, and each is different.
They are made from sentences of the behavioural test suite. The article is embedded once, as in the service. A release
returns all of its scores, where the other models return one.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from joblib import Parallel, delayed
from threadpoolctl import threadpool_limits

from models.comment import Article, Comment
from models.release import Release, open_release
from models.scorer import Scorer
from training.evaluation.behavioural_suite import ARTICLE, read_suite

WORDS_PER_TEXT = 50
WARM_UP_CALLS = 10
"""Calls before the clock starts, because the first ones load code and fill caches."""

BATCH_SIZE = 16
"""Comments that a transformer takes at once. It is faster with texts padded to one length and scored together."""

TRANSFORMER_TEXTS = 30
"""Fewer than for a release, because a transformer is slow."""

_MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Timing:
    """What was timed, and the figure with its unit. `value` is None if a package is not installed."""

    name: str
    value: float | None
    unit: str


def write_texts(count: int, *, seed: int) -> list[str]:
    """Return different texts of fifty words each."""
    rng = random.Random(seed)
    sentences = [case.text for case in read_suite() if case.expected == "passed"]
    texts = []
    for _ in range(count):
        rng.shuffle(sentences)
        # As many sentences as words are more than enough.
        words = " ".join(sentences[:WORDS_PER_TEXT]).split()
        texts.append(" ".join(words[:WORDS_PER_TEXT]))
    return texts


def time_release(folder: Path, *, count: int, seed: int) -> Iterator[Timing]:
    """Time one comment on one thread, with and without an explanation, and many on two threads or processes."""
    release = open_release(folder)
    scorer, texts = Scorer(release), write_texts(count, seed=seed)
    article = scorer.embed_article(ARTICLE)
    comments = [Comment(text=text, article=article) for text in texts]
    with threadpool_limits(1):
        yield _time_median("release, all scores, one comment, one thread", scorer.assess, comments, explain=False)
        yield _time_median(
            "release, all scores with reasons, one comment, one thread", scorer.assess, comments, explain=True
        )
        yield _time_median("release, encoder alone, one comment, one thread", release.encoder.encode, texts)
        yield _time_rate("release, all scores, two threads", lambda: _score_on_threads(scorer, comments), count)
    halves = [texts[start::2] for start in range(2)]
    pool = Parallel(n_jobs=2)
    # The processes open the release before the clock starts.
    pool(delayed(_score_texts)(folder, half[:WARM_UP_CALLS]) for half in halves)
    yield _time_rate(
        "release, all scores, two processes",
        lambda: pool(delayed(_score_texts)(folder, half) for half in halves),
        count,
    )


def time_profanity_check(*, count: int, seed: int) -> Iterator[Timing]:
    """Time alt-profanity-check, a popular package that uses n-grams."""
    name = "alt-profanity-check, one score, one comment, one thread"
    if not find_spec("profanity_check"):
        yield Timing(name, None, "ms")
        return
    import profanity_check  # an optional package that loads its model when it is imported

    with threadpool_limits(1):
        yield _time_median(name, lambda text: profanity_check.predict_prob([text]), write_texts(count, seed=seed))


def time_transformer(release: Release, *, seed: int) -> Iterator[Timing]:
    """Time a BERT-base of Detoxify's architecture, with random weights: trained ones take as long."""
    single_name = "BERT-base, PyTorch, one comment, one thread"
    batch_name = "BERT-base, PyTorch, batches of 16, two threads"
    if not (find_spec("torch") and find_spec("transformers")):
        yield Timing(single_name, None, "ms")
        yield Timing(batch_name, None, "comments a second")
        return
    import torch  # only fitting has it
    from transformers import BertConfig, BertForSequenceClassification  # as above

    # Downloading weights would need a network, and they do not change the time.
    torch.manual_seed(seed)
    model = BertForSequenceClassification(BertConfig(num_labels=6)).eval()
    # The encoder has BERT's vocabulary of word pieces, so the lengths are right. The word pieces themselves are random.
    lengths = [len(release.encoder.encode(text).spans) for text in write_texts(TRANSFORMER_TEXTS, seed=seed)]
    single = [torch.randint(1_000, 30_000, (1, length)) for length in lengths]
    # Enough batches for all texts, and one more to warm up.
    count = TRANSFORMER_TEXTS // BATCH_SIZE + 2
    batches = [torch.randint(1_000, 30_000, (BATCH_SIZE, max(lengths))) for _ in range(count)]
    with torch.inference_mode():
        torch.set_num_threads(1)
        yield _time_median(single_name, lambda ids: model(input_ids=ids), single, warm_up=2)
        torch.set_num_threads(2)
        model(input_ids=batches[0])
        timed = batches[1:]
        yield _time_rate(batch_name, lambda: [model(input_ids=ids) for ids in timed], BATCH_SIZE * len(timed))


def _time_median(
    name: str, score: Callable[..., Any], inputs: Sequence[Any], *, warm_up: int = WARM_UP_CALLS, **options: Any
) -> Timing:
    for value in inputs[:warm_up]:
        score(value, **options)
    seconds = []
    for value in inputs[warm_up:]:
        started = time.perf_counter()
        score(value, **options)
        seconds.append(time.perf_counter() - started)
    return Timing(name, _MILLISECONDS * statistics.median(seconds), "ms")


def _time_rate(name: str, score: Callable[[], Any], count: int) -> Timing:
    started = time.perf_counter()
    score()
    return Timing(name, count / (time.perf_counter() - started), "comments a second")


def _score_on_threads(scorer: Scorer, comments: Sequence[Comment]) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda comment: scorer.assess(comment, explain=False), comments))


def _score_texts(folder: Path, texts: Sequence[str]) -> None:
    scorer, article = _open(folder)
    with threadpool_limits(1):
        for text in texts:
            scorer.assess(Comment(text=text, article=article), explain=False)


# Each process opens the release once, when it warms up.
@lru_cache(maxsize=1)
def _open(folder: Path) -> tuple[Scorer, Article]:
    scorer = Scorer(open_release(folder))
    return scorer, scorer.embed_article(ARTICLE)
