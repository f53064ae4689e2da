"""Comments of ours on which releases have gone wrong: a card names those that its release still gets wrong."""

from collections.abc import Iterator
from dataclasses import dataclass

from sklearn.pipeline import Pipeline

from models.card import KnownFailure


@dataclass(frozen=True, slots=True)
class Weakness:
    """A comment, whether its score ought to be high, and what makes it hard."""

    score: str
    text: str
    high: bool
    why: str


WEAKNESSES = (
    Weakness(
        "toxicity", "Of course they moved in, that kind follows the benefits like flies.", high=True, why="no slur"
    ),
    Weakness("toxicity", "He should have been drowned at birth with the rest of the litter.", high=True, why="no slur"),
    Weakness("toxicity", "Maybe somebody will pay your family a visit one night.", high=True, why="a veiled threat"),
    Weakness("toxicity", "Bless him, the mayor. Not the sharpest spoon in the drawer.", high=True, why="irony"),
    Weakness("toxicity", "Did your carer type that for you, dear?", high=True, why="condescension"),
    Weakness(
        "toxicity", "I was called a fat stupid pig at school, and nobody helped.", high=False, why="reported abuse"
    ),
    Weakness(
        "toxicity", "The minister said 'you are all idiots'. He should apologise.", high=False, why="quoted abuse"
    ),
    Weakness("toxicity", "Damn, that is bloody good journalism!", high=False, why="swearing with pleasure"),
    Weakness("toxicity", "We queers have been part of this town for ever.", high=False, why="a reclaimed word"),
    Weakness("toxicity", "My idiot brother and I fixed the boat ourselves, love him.", high=False, why="affection"),
    Weakness("toxicity", "Nobody is saying that you are stupid.", high=False, why="negation"),
    Weakness("coherence", "its to late now they shoud of done it years ago", high=True, why="spelling"),
    Weakness("coherence", "Less talk more action", high=True, why="a slogan"),
    Weakness(
        "coherence", "In my country also they promise many thing before election", high=True, why="second language"
    ),
    Weakness(
        "coherence",
        "The ferry was late again because the crew had no winter tyres for the budget of the school.",
        high=False,
        why="grammatical, and no sense",
    ),
)

_EVEN = 0.5


def find_failures(toxicity: Pipeline, coherence: Pipeline, *, held_at: float) -> Iterator[KnownFailure]:
    """Answer the comments that are on the wrong side: of the threshold for toxicity, of one half for coherence."""
    for weakness in WEAKNESSES:
        is_toxicity = weakness.score == "toxicity"
        said = float(
            toxicity.predict_proba([weakness.text])[0, 0] if is_toxicity else _intact(coherence, weakness.text)
        )
        if (said >= (held_at if is_toxicity else _EVEN)) != weakness.high:
            yield KnownFailure(weakness.score, weakness.text, round(said, 3), weakness.why)


def _intact(coherence: Pipeline, text: str) -> float:
    return float(coherence.predict_proba([text])[0, 1])
