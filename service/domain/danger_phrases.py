"""Hand-written phrase rules for people in danger and for threats. Comments that match are held and reviewed first.

These are rules and not a model because no licensed corpus has enough examples of either.
"""

import re

# Each item of the lists below is one phrase with its variants, in lowercase with straight apostrophes. A part such as
# `[\w ]{0,20}` allows a few words in between.
_I = r"\b(?:i|i'm|im|i am|i've|ive|i have|i'll|i will)\b"

_SELF_HARM = (
    rf"{_I}[\w' ]{{0,40}}\b(?:kill|hurt|harm|hang|cut|shoot) myself\b",
    (
        r"\b(?:want|wanna|going|gonna|ready|wish|plan(?:ning)?|thinking (?:of|about)|thought (?:of|about)) (?:to )?"
        r"(?:kill(?:ing)? myself|end(?:ing)? (?:it all|my (?:own )?life)|die\b|be dead|not wake up"
        r"|commit(?:ting)? suicide)"
    ),
    r"\b(?:i|i'm|im|i am) (?:feel(?:ing)? )?suicidal\b",
    r"\b(?:don't|dont|do not|no longer) (?:want|wanna)(?: to)? (?:live|be alive|go on living|be here any ?more)\b",
    r"\b(?:no|without) (?:reason|point) (?:to|in) (?:live|living|go on)\b",
    r"\bbetter off (?:dead|without me)\b",
    r"\btak(?:e|ing) my own life\b",
    r"\b(?:end|ending) my (?:own )?life\b",
)

_THREAT = (
    (
        r"\b(?:i|i'll|i will|we|we'll|we will|i'm going to|im going to|i am going to|gonna|going to)(?: will|'ll)?"
        r"[\w ]{0,20}\b(?:kill|murder|shoot|stab|strangle|rape|hang|lynch|behead|hunt) "
        r"(?:you|u|him|her|them|your|ur|every|all of)\b"
    ),
    (
        r"\b(?:you|he|she|they|him|her|them|people like \w+) "
        r"(?:should|must|need to|needs to|deserves? to|ought to) (?:be )?"
        r"(?:die|shot|killed|hanged|hung|lynched|raped|executed|stabbed)\b"
    ),
    r"\b(?:i|we) know where (?:[\w'-]+ ){1,3}lives?\b",
    r"\b(?:watch your back|you(?:'re| are|r) (?:a )?dead(?: man| woman| meat)?\b(?! (?:right|wrong|tired|on)))",
    r"\b(?:kill|hang|shoot) (?:yourself|urself|your self)\b",
    r"\bsomeone should (?:shoot|kill|hang|stab|bomb)\b",
    r"\b(?:bomb|burn down|shoot up) (?:your|the|their|his|her) (?:house|home|office|school|newsroom|church|mosque)\b",
)

_SELF_HARM_PATTERN = re.compile("|".join(_SELF_HARM))
_THREAT_PATTERN = re.compile("|".join(_THREAT))


def mentions_self_harm(text: str) -> bool:
    """Return whether the writer of this normalised text may harm themselves."""
    return _SELF_HARM_PATTERN.search(_plain(text)) is not None


def is_threat(text: str) -> bool:
    """Return whether this normalised text threatens someone in a phrase that a rule knows."""
    return _THREAT_PATTERN.search(_plain(text)) is not None


def find_threats(text: str) -> list[tuple[int, int]]:
    """Return the spans of threats in a text that is not normalised, in code points, end exclusive.

    A threat that only normalisation reveals is not found.
    """
    lowered = text.lower().replace("\u2019", "'")
    # A few letters become two in lowercase. Then the spans would be wrong.
    if len(lowered) != len(text):
        return []
    return [match.span() for match in _THREAT_PATTERN.finditer(lowered)]


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("\u2019", "'").split())
