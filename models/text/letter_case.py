"""The case of a word that replaces another."""


def match_case(written: str, word: str) -> str:
    """Return `word` in capitals if `written` is in capitals, and capitalised if `written` begins with a capital.

    A single capital letter counts as a beginning, not as a word in capitals.
    """
    letters = [letter for letter in written if letter.isalpha()]
    if len(letters) > 1 and all(letter.isupper() for letter in letters):
        return word.upper()
    return word.capitalize() if written[0].isupper() else word
