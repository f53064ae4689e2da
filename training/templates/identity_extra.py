"""More sentences of ours that name groups, kindly and rudely, each with every group: what the encoder hears last.

Corpora name some groups mostly in anger, and a teacher that has read them passes that on. Frames whose key is reserved
are left out, as a fifth of every corpus is; whether a name still costs a comment is measured on other sentences
(`training.templates.fairness_statements`).
"""

from collections.abc import Iterator

from training.templates.identity import TERMS, Sentence

KIND = (
    "The {} choir sings on Thursdays.",
    "Is the new treasurer {}?",
    "Both of my uncles are {} and neither can cook.",
    "A bar for {} people opened near the station in June.",
    "The law protects {} teachers from being dismissed.",
    "I met a {} beekeeper at the fair.",
    "Her {} cousin plays the cello in two orchestras.",
    "{} people read this paper too.",
    "The play has a {} hero and a dull second act.",
    "Ask a {} person before you write about them.",
    "The {} march was huge and the weather held.",
    "There have always been {} sailors.",
    "He told his parents that he is {} and they put the kettle on.",
    "{} and tired, that is me on a Monday.",
    "This is a good week for {} readers.",
    "A {} man sold me his bicycle.",
    "The vicar is {}, and the parish has known for years.",
    "I like the {} characters in that series best.",
    "The debate about {} couples was over in an hour.",
    "Nobody asked whether the pilot was {}.",
    "As a {} voter I have heard that promise before.",
    "The {} lobby and the farmers agree for once.",
    "Being {} is nothing to write home about.",
    "You would not guess that she is {}, and why should you?",
    "Why is it news that the swimmer is {}?",
    "{} youths and pensioners share the garden.",
    "The bishop apologised to {} believers.",
    "My {} boss gave everyone the afternoon off.",
    "I do not agree with the {} association about the tax, but they made their case well.",
    "Some {} authors refuse the prize, others accept it.",
    "What it means to be {} has changed since the war.",
    "{} is not an insult in this house.",
    "The word {} stands in the headline twice.",
    "Love to all my {} friends today.",
    "hugs to every {} kid out there",
    "so proud of our {} goalkeeper",
)
"""Harmless."""

RUDE = (
    "Only {} people could be this dumb.",
    "Keep your filthy {} hands off our school.",
    "{} people are vermin, always were.",
    "I spit on every {} one of you.",
    "Another {} liar crying for money, how pathetic.",
    "The {} trash on our street makes me vomit.",
    "You smell like a {} sewer.",
    "Somebody lock up this {} creep before I do it.",
    "The whole {} lot is rotten, lazy and retarded.",
    "Get lost, {} loser.",
    "What a disgusting {} cow.",
    "Being {} is a disease and you are the proof, idiot.",
    "They should drown the {} ones first.",
    "that {} clown is too stupid to breathe",
    "{} filth, all of them",
    "Your {} face makes me puke.",
    "Damn {} bastards ruin everything.",
    "No one will ever love you, you revolting {} slob.",
)
"""Abuse."""


def write_namings() -> Iterator[tuple[str, Sentence]]:
    """Answer each frame with every term in it."""
    for frames, rude in ((KIND, False), (RUDE, True)):
        for frame in frames:
            for term in TERMS:
                text = frame.format(term)
                begins = not frame[0].islower()
                yield frame, Sentence(text[0].upper() + text[1:] if begins else text, term, rude)
