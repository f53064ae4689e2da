"""Words that people are known to disguise: what a disguise may be read as, never a reason to score a text.

What makes a text toxic is learned from labels. These lists only tell `sh1t` from `mp3`.
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
_DEROGATORY = (
    "arrogance", "arrogant", "asinine", "bigot", "bigoted", "bigotry", "bonehead", "braindead", "brainless", "brat",
    "buffoon", "bully", "butt", "cancer", "chump", "clown", "cockroach", "coward", "cowardice", "cowardly", "crappy",
    "crazy", "criminal", "crook", "crooked", "dastard", "delusional", "deranged", "despicable", "dimwit", "dirty",
    "disgrace", "disgraceful", "disgusting", "dork", "drivel", "dumbest", "dummy", "dunce", "evil", "failure",
    "fascist", "filthy", "foolish", "gullible", "halfwit", "hateful", "hideous", "hitler", "horrible", "hypocrisy",
    "hypocrite", "hypocritical", "idiocy", "ignoramus", "ignorance", "imbecilic", "incompetence", "incompetent",
    "inept", "insane", "kkk", "laughable", "lazy", "leech", "libtard", "ludicrous", "lying", "maggot", "masturbate",
    "masturbation", "mediocre", "mental", "mentally", "miserable", "monster", "narcissist", "nasty", "nerd", "nitwit",
    "nonsense", "numbskull", "obnoxious", "penis", "perv", "pervert", "perverted", "pest", "pig", "pompous",
    "propaganda", "puke", "racism", "rapists", "rats", "redneck", "repulsive", "ridiculous", "rodent", "rotten",
    "rubbish", "savage", "scammer", "scoundrel", "screw", "screwed", "sexist", "sexual", "shameful", "shameless",
    "sheep", "sick", "sicken", "silly", "slave", "sleazy", "slimy", "snowflake", "sociopath", "stink", "stupidest",
    "subhuman", "supremacist", "swine", "terrible", "terrorism", "testicle", "thief", "thieves", "troglodyte", "troll",
    "tyrant", "useless", "vagina", "vile", "vomit", "weirdo", "wimp", "witless",
)  # fmt: skip
_ORDINARY = (
    "and", "are", "black", "blacks", "christian", "christians", "feminist", "feminists", "gay", "gays", "girl", "girls",
    "hell", "homosexual", "homosexuals", "immigrant", "immigrants", "islam", "jew", "jewish", "jews", "lesbian",
    "lesbians", "lie", "liberals", "mexican", "mexicans", "moslem", "moslems", "muslim", "muslims", "off", "people",
    "shut", "stop", "that", "the", "them", "they", "this", "trans", "transgender", "white", "whites", "woman", "women",
    "you", "your", "youre",
)  # fmt: skip
_ENDINGS = ("", "s", "es", "ed", "er", "ers", "ing", "in", "y", "face")

_TOO_SHORT_TO_END = 3
"""Letters of a word that with an ending is too often a word of its own."""

ABUSE = frozenset(
    word + ending for word in _ABUSE for ending in _ENDINGS if ending in {"", "s"} or len(word) > _TOO_SHORT_TO_END
)
"""Read out of digits, masks, separated and stretched letters, wherever they stand."""

INSULTS = ABUSE | frozenset(word + ending for word in _DEROGATORY for ending in ("", "s"))
"""With what people say in contempt: read where a word is disguised as a whole, not out of words that stand apart."""

OBFUSCATED = INSULTS | frozenset(_ORDINARY)
"""Read out of digits and signs: ordinary words too stand in leetspeak, where they surround an insult."""

_LIKELIEST = ("fuck", "shit", "bitch", "cunt", "ass", "dick")

MASKABLE = (
    *_LIKELIEST,
    *sorted(ABUSE - set(_LIKELIEST), key=lambda word: (len(word), word)),
    *sorted(OBFUSCATED - ABUSE, key=lambda word: (len(word), word)),
)
"""What a mask may hide, the likeliest first."""

_SLIPPED_SHORT = """
anus bigot bitch bitches bitching black blacks bully clown cocks crazy creep cunts dicks filth fools freak fucked fucker
fuckers fuckin fucking fucks idiocy idiot idiots inept jewish kikes killed liars losers moronic moron morons muslim
muslims nasty nazis nigga niggas nigger niggers penis piss pissed porn prick pricks pussy queer raped shits shitty silly
slut sluts stupider sucker sucks trash troll trolls turds vomit wanker wankers weirdo white whites whore whores woman
women people arses asses damned dirty jerks loser clowns
"""
SEVERE = frozenset(
    (
        "cock",
        "crap",
        "cunt",
        "damn",
        "dick",
        "dumb",
        "fool",
        "fuck",
        "jerk",
        "liar",
        "piss",
        "scum",
        "shit",
        "slut",
        "suck",
    )
)
_LONG = 6

MISSPELLABLE = (
    SEVERE
    | frozenset(_SLIPPED_SHORT.split())
    | frozenset(word for word in (*_ABUSE, *_DEROGATORY, *_ORDINARY) if len(word) >= _LONG)
    | frozenset(word + "s" for word in (*_ABUSE, *_DEROGATORY) if len(word) >= _LONG and word[-1] not in "cgsy")
)
"""Read out of one slip, backwards, and out of pieces: long enough, or rude enough, that little else is near."""

KNOWN_SPELLINGS = {
    spelling: word
    for word, spellings in {
        "asshole": "azzhole asshoe asswhole ahole asshol",
        "bastard": "bstrd basterd bastid bastad",
        "bitch": "btch biatch biotch beotch beeatch beeyatch biyatch biyotch beyotch bytch",
        "bitches": "btches biatches biotches",
        "bullshit": "bllsht bullsht bullshyt bulshit",
        "cunt": "cvnt qunt cnut",
        "cunts": "kunts cvnts cnuts",
        "dickhead": "dickhed dikhead dikhed dckhead",
        "dumbass": "dumass dumazz dumbazz dmbass",
        "faggot": "fagit faggit phaggot phagot fgt fggt",
        "fuck": "fck fuk fukk phuck phuk fuqq fvck fcuk fukc",
        "fucked": "fcked fuked phucked fvcked",
        "fucker": "fcker fuker fukker phucker fvcker fckr",
        "fuckers": "fckers fukers fukkers phuckers",
        "fucking": "fcking fckin fckn fckng fuking fukin fukkin fking fkin fkn phucking phuckin fvcking",
        "fucks": "fcks fuks phucks",
        "idiot": "idjit ediot edjit idgit idyot",
        "idiots": "idjits ediots idyots",
        "jackass": "jackazz jakass",
        "loser": "luzer lozer loozer",
        "losers": "luzers lozers loozers",
        "moron": "moroon morron mroon",
        "morons": "moroons morrons",
        "motherfucker": "muthafucka motherfucka mothafucka mutherfucker muthafucker mthrfckr mthrfcker",
        "nigga": "niqqa",
        "nigger": "niqqer neeger nigguh",
        "porn": "pr0n",
        "pussy": "pssy",
        "retard": "rtard ritard retart retad",
        "retarded": "rtarded ritarded retarted",
        "shit": "sht shyt shiet siht shti",
        "shits": "shts",
        "shitty": "shtty shytty",
        "stupid": "stoopid stewpid stoopit stpd styoopid",
        "sucks": "sux suxx sukks",
        "trash": "trsh",
        "wanker": "wanka wankah",
        "whore": "whoar",
    }.items()
    for spelling in spellings.split()
}
"""As a word sounds, or as it is left when its vowels are taken out."""
