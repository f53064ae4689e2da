"""Misspelt profanity is corrected; names, other words and other languages stay."""

import pytest

from models.text.allowlist import NOT_PROFANITY
from models.text.lexicon import KNOWN_SPELLINGS, MISSPELLABLE, OBFUSCATED
from models.text.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("you idoit", "you idiot"),
        ("a stpuid idea", "a stupid idea"),
        ("such idiiots", "such idiots"),
        ("mooron!", "moron!"),
        ("ridiculus", "ridiculous"),
        ("an ignorent man", "an ignorant man"),
        ("what a hypocrit", "what a hypocrite"),
        ("IDOIT", "IDIOT"),
        ("Idoit. Pahtetic.", "Idiot. Pathetic."),
        ("iiddiioott", "idiot"),
        ("fuucckk off", "fuck off"),
        ("toidi", "idiot"),
        ("kcuf this", "fuck this"),
        ("fcuk, phuck and fck", "fuck, fuck and fuck"),
        ("biatch", "bitch"),
        ("stoopid wankerz", "stupid wankers"),
        ("crsp, dubmass, jrek", "crap, dumbass, jerk"),
        ("an ignrnt, rdcls rcst", "an ignorant, ridiculous racist"),
    ],
)
def test_misspelt_profanity_is_corrected(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "plain",
    [
        "Scunthorpe, Penistone and Cockermouth; Essex, Sussex and Middlesex",
        "Dick Cheney, Charles Dickens, Alfred Hitchcock, Kelly Moran and Mr Shittu",
        "a duck, a ship, a sheet, a count, a beach, a fork, a witch, a batch",
        "shut the door, sit down, hit the road, shot and slit, where were whole wheels",
        "class, assess, assassin, therapist, analysis, cockpit, bass and shitake",
        "moon, moor, maroon, minor, mormon, memoir; idiom, idol and idyll",
        "block, back, bleak; weird, wield; metal and dental; garage and cabbage",
        "the birch, the pitch and the botched stitch; picks, bricks and tricks",
        "a musing mobster, a monster truck, munster cheese and muslin",
        "the Muslin Weavers met Miss Trol and Mr Idot at the mill",
        "qwrtz xkcd btw imho afaik tl dr, Mr Blck and Mrs Brwn; Dmitri, Krk, Brno",
        "carp, lair, rail, foil, fowl, loose, looser, losses, dime, dump, dame, scam, jest",
        "see example.org/idoit, @idoit, #idoit and idoit@example.org",
    ],
)
def test_words_names_and_addresses_stay(plain: str) -> None:
    assert normalise(plain).text == plain


@pytest.mark.parametrize(
    "sentence",
    [
        "Der Dichter und sein Koch assen Kuchen; wir retten die Ratten im dicken Schlamm.",
        "Nous ne savons pas si le peuple passe assez de temps en cuisine.",
        "El peso de la pena es moro y quieres poner las cosas en su sitio.",
        "Je kunt het niet weten, wonen is duur en de prik doet pijn.",
        "La Pisa degli anni bui: insana, piena di passi e di penne.",
        "Han fick slut p\u00e5 pengar, och det var kul att se.",
    ],
)
def test_other_languages_stay(sentence: str) -> None:
    assert normalise(sentence).text == sentence


def test_word_lists_do_not_contradict_each_other() -> None:
    assert not NOT_PROFANITY & MISSPELLABLE - {"asses"}
    assert not KNOWN_SPELLINGS.keys() & (NOT_PROFANITY | OBFUSCATED)
    assert set(KNOWN_SPELLINGS.values()) <= OBFUSCATED


def test_corrected_word_maps_to_the_original() -> None:
    normalised = normalise("the ridiculus plan, idoit")
    for word, written in (("ridiculous", "ridiculus"), ("plan", "plan"), ("idiot", "idoit")):
        start = normalised.text.index(word)
        first, last = normalised.original_span(start, start + len(word))
        assert "the ridiculus plan, idoit"[first:last] == written
