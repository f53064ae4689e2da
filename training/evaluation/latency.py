"""How long a release takes in process, beside others in the same run; it judges no figure.

One thread means one: of NumPy, of ONNX Runtime and of PyTorch. Texts are of fifty words, all different, made from the
suite's sentences; the article is embedded once, as in service. Other models give one score, ours gives all.
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

WORDS = 50
WARM_UP = 10
BATCH = 16
"""Comments that a transformer takes at once: it gains by padding them to one length and going through them together."""

TRANSFORMER_ROUNDS = 30
_MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Timing:
    """What was timed, and a figure with its unit; None where what it takes is not installed."""

    what: str
    value: float | None
    unit: str


def write_texts(count: int, *, seed: int) -> list[str]:
    """Answer different texts of fifty words each."""
    chance = random.Random(seed)  # noqa: S311 - texts, no secrets
    sentences = [case.text for case in read_suite() if case.expected == "passed"]
    texts = []
    for _ in range(count):
        chance.shuffle(sentences)
        texts.append(" ".join(" ".join(sentences[:WORDS]).split()[:WORDS]))
    return texts


def time_release(folder: Path, *, count: int, seed: int) -> Iterator[Timing]:
    """Time one comment alone on one thread, without and with reasons, and many on two threads and two processes."""
    release = open_release(folder)
    scorer, texts = Scorer(release), write_texts(count, seed=seed)
    article = scorer.embed_article(ARTICLE)
    comments = [Comment(text=text, article=article) for text in texts]
    with threadpool_limits(1):
        yield _median("ours, all scores, one comment, one thread", scorer.assess, comments, explain=False)
        yield _median("ours, all scores with reasons, one comment, one thread", scorer.assess, comments, explain=True)
        yield _median("ours, encoder alone, one comment, one thread", release.encoder.encode, texts)
        yield _rate("ours, all scores, two threads", lambda: _spread(scorer, comments), count)
    parts = [texts[place::2] for place in range(2)]
    pool = Parallel(n_jobs=2)
    pool(delayed(_score_part)(folder, part[:WARM_UP]) for part in parts)
    yield _rate(
        "ours, all scores, two processes", lambda: pool(delayed(_score_part)(folder, part) for part in parts), count
    )


def time_profanity_check(*, count: int, seed: int) -> Iterator[Timing]:
    """Time the package of n-grams that many use."""
    name = "alt-profanity-check, one score, one comment, one thread"
    if not find_spec("profanity_check"):
        yield Timing(name, None, "ms")
        return
    import profanity_check  # noqa: PLC0415 - an optional peer; it loads its model when it is imported

    with threadpool_limits(1):
        yield _median(name, lambda text: profanity_check.predict_prob([text]), write_texts(count, seed=seed))


def time_transformer(release: Release, *, seed: int) -> Iterator[Timing]:
    """Time a BERT-base of Detoxify's architecture; random weights take as long as trained ones."""
    names = ("BERT-base, PyTorch, one comment, one thread", "BERT-base, PyTorch, batches of 16, two threads")
    if not (find_spec("torch") and find_spec("transformers")):
        yield from (Timing(name, None, unit) for name, unit in zip(names, ("ms", "comments a second"), strict=True))
        return
    import torch  # noqa: PLC0415 - only fitting has it
    from transformers import BertConfig, BertForSequenceClassification  # noqa: PLC0415 - as above

    torch.manual_seed(seed)
    model = BertForSequenceClassification(BertConfig(num_labels=6)).eval()
    # Our pieces are BERT's: both read with the same vocabulary, so lengths are right though the numbers are not.
    lengths = [len(release.encoder.encode(text).spans) for text in write_texts(TRANSFORMER_ROUNDS, seed=seed)]
    ones = [torch.randint(1_000, 30_000, (1, length)) for length in lengths]
    batches = [torch.randint(1_000, 30_000, (BATCH, max(lengths))) for _ in range(TRANSFORMER_ROUNDS // BATCH + 2)]
    with torch.inference_mode():
        torch.set_num_threads(1)
        yield _median(names[0], lambda ids: model(input_ids=ids), ones, warm_up=2)
        torch.set_num_threads(2)
        model(input_ids=batches[0])
        yield _rate(names[1], lambda: [model(input_ids=ids) for ids in batches[1:]], BATCH * (len(batches) - 1))


def _median(
    what: str, score: Callable[..., Any], things: Sequence[Any], *, warm_up: int = WARM_UP, **options: Any
) -> Timing:
    for thing in things[:warm_up]:
        score(thing, **options)
    taken = []
    for thing in things[warm_up:]:
        started = time.perf_counter()
        score(thing, **options)
        taken.append(time.perf_counter() - started)
    return Timing(what, _MILLISECONDS * statistics.median(taken), "ms")


def _rate(what: str, score: Callable[[], Any], count: int) -> Timing:
    started = time.perf_counter()
    score()
    return Timing(what, count / (time.perf_counter() - started), "comments a second")


def _spread(scorer: Scorer, comments: Sequence[Comment]) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda comment: scorer.assess(comment, explain=False), comments))


def _score_part(folder: Path, texts: Sequence[str]) -> None:
    scorer, article = _opened(folder)
    with threadpool_limits(1):
        for text in texts:
            scorer.assess(Comment(text=text, article=article), explain=False)


@lru_cache(maxsize=1)
def _opened(folder: Path) -> tuple[Scorer, Article]:
    scorer = Scorer(open_release(folder))
    return scorer, scorer.embed_article(ARTICLE)
