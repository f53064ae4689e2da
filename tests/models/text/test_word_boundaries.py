"""Spaces are removed inside a rude word and inserted around it; those between ordinary words stay."""

import pytest

from models.text.normalise import normalise


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("you id iot", "you idiot"),
        ("how stu pid", "how stupid"),
        ("fu ck this sh it", "fuck this shit"),
        ("a pat hetic try", "a pathetic try"),
        ("stu.pid, stu-pid, id/iot", "stupid, stupid, idiot"),
        ("id\U0001f642iot", "idiot"),
        ("i\U0001f525d\U0001f525i\U0001f525o\U0001f525t", "idiot"),
        ("f/u/c/k and i,d,i,o,t", "fuck and idiot"),
        ("youareanidiot", "you are an idiot"),
        ("YouAreAnIdiot", "You Are An Idiot"),
        ("fuckyou", "fuck you"),
        ("thisisbullshit", "this is bullshit"),
    ],
)
def test_word_with_misplaced_spaces_is_read(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    "plain",
    [
        "pen is mightier, who re read it, the rap is good, men tally votes",
        "a big hole, a red neck and the trans gender debate; as it is, a trait or two",
        "b lack and t roll and it s hit the wall",
        "the therapist, the psychotherapist and an assessor read the assessments",
        "and/or, he/she, yes/no, 24/7, km/h, black/white, mother/son",
        "Thanks\U0001f642see you, love\U0001f49byou and ok\U0001f44dbye",
        "whatever, nevertheless, thereupon, themselves, thisisfine, helloworld",
        "for (i, j, k) in range(a,b,c): x=y+z; a^b^c; f(x)|g(x)",
        "the Nazi's end, a fool's errand, who're they, Hell's Kitchen",
        "#youareanidiot example.com/youareanidiot",
    ],
)
def test_ordinary_words_stay(plain: str) -> None:
    assert normalise(plain).text == plain
