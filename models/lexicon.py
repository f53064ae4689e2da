"""Words that people are known to disguise: what a disguise may be read as, never a reason to score a text.

What makes a text toxic is learned from labels. These lists only let `models.disguises` tell `sh1t` from
`mp3`.
"""

_ABUSE = (
    "anal", "anus", "arse", "arsehole", "ass", "asshat", "asshole", "asswipe", "bastard", "bitch",
    "bollock", "boob", "bugger", "bullshit", "butthole", "cock", "cocksucker", "coon", "crap", "creep",
    "cretin", "cum", "cunt", "damn", "degenerate", "dick", "dickhead", "die", "dipshit", "douche",
    "douchebag", "dumb", "dumbass", "dyke", "fag", "faggot", "fat", "filth", "fool", "freak", "fuck",
    "fucker", "fucking", "fuckwit", "garbage", "goddamn", "gook", "hate", "hoe", "homo", "horseshit",
    "idiot", "idiotic", "ignorant", "imbecile", "jackass", "jap", "jerk", "kike", "kill", "kys", "liar",
    "loser", "lunatic", "moron", "moronic", "motherfuck", "motherfucker", "motherfucking", "murder",
    "nazi", "negro", "nigga", "nigger", "nonce", "paki", "parasite", "pathetic", "pedo", "pedophile",
    "piss", "poop", "porn", "porno", "prick", "psycho", "pussy", "queer", "racist", "rape", "rapist",
    "retard", "retarded", "scum", "scumbag", "sex", "shit", "shithead", "shithole", "shitty", "simp",
    "slut", "spastic", "spic", "stfu", "stupid", "stupidity", "suck", "suicide", "terrorist", "thug",
    "tit", "trannie", "tranny", "trash", "traitor", "turd", "twat", "ugly", "vermin", "wank", "wanker",
    "wetback", "whore", "worthless",
)  # fmt: skip
_ORDINARY = (
    "and", "are", "black", "gay", "girl", "hell", "jew", "jewish", "lie", "moslem", "muslim", "off",
    "people", "shut", "stop", "that", "the", "them", "they", "this", "trans", "white", "woman", "women",
    "you", "your", "youre",
)  # fmt: skip
_ENDINGS = ("", "s", "es", "ed", "er", "ers", "ing", "in", "y", "face")

_TOO_SHORT_TO_END = 3
"""Letters of a word that with an ending is too often a word of its own."""

ABUSE = frozenset(
    word + ending for word in _ABUSE for ending in _ENDINGS if ending in {"", "s"} or len(word) > _TOO_SHORT_TO_END
)
"""Read out of digits, masks, separated and stretched letters."""

DISGUISED = ABUSE | frozenset(_ORDINARY)
"""Read out of digits and signs: ordinary words too stand in leetspeak, where they surround an insult."""

_LIKELIEST = ("fuck", "shit", "bitch", "cunt", "ass", "dick")

MASKED = (*_LIKELIEST, *sorted(ABUSE - set(_LIKELIEST), key=lambda word: (len(word), word)))
"""What a mask may hide, the likeliest first."""
