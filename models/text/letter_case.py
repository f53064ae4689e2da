"""Letter case: a word that replaces another word takes over its case."""


def match_case(written: str, word: str) -> str:
    """Return `word` in the case of `written`: in capitals, capitalised, or unchanged.

    If `written` has a single letter and that is a capital, `word` is capitalised.
    """
    letters = [letter for letter in written if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return word.upper()
    return word.capitalize() if written[0].isupper() else word
