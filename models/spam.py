"""Spam: rules for comments that advertise, lure or flood. Each rule has a reason code. No rule gives a probability.

A link alone is not spam, because readers cite sources. Links are spam if there are many of them for few words, or if
they hide their target.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from models.comment import Comment
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS, normalise

MIN_COPIES = 3
"""A comment is part of a flood if the site already has at least so many near-duplicates of it."""

MANY_LINKS = 3
WORDS_PER_LINK = 10
MIN_WORDS_AROUND_LINK = 3
"""A comment with a link and fewer other words consists of little but the link."""

SHORT_COMMENT_WORDS = 40
"""A comment of at least so many words argues rather than lures."""

_TLDS_LIKE_WORDS = "club|info|net|online|shop|top"
"""Top-level domains that are also words. "Agreed.Top comment" has no space after the full stop, but is not a link."""

_LINK = re.compile(
    r"(?:https?://|www\.)\S+"
    # A domain may start only where no hyphen or letter is before it. Otherwise a thousand hyphens take quadratic time.
    r"|(?<![\w-])-*+\w[\w-]+(?:\.(?:com|org|ru|xyz|biz|tk)\b"
    # Advertisers write these domains in lowercase, or with a path after them.
    rf"|(?-i:(?<![A-Z])\.(?:{_TLDS_LIKE_WORDS})(?![\w'’-]))|\.(?:{_TLDS_LIKE_WORDS})/)\S*",
    re.IGNORECASE,
)
# Services that shorten links.
_SHORTENED = re.compile(
    r"\b(?:bit\.ly|tinyurl\.com|goo\.gl|t\.co|ow\.ly|is\.gd|cutt\.ly|rebrand\.ly|adf\.ly|shorturl\.at|tiny\.cc|linktr\.ee"
    r"|rb\.gy|wa\.me|t\.me)/\S+",
    re.IGNORECASE,
)
# A verb or channel of contact, followed in the same sentence by a phone number, e-mail address or handle.
_CONTACT = re.compile(
    r"\b(?:whats\s?app|telegram|e-?mail|text|call|contact|reach|dm|inbox|message|write)\b[^.!?\n]{0,40}"
    r"(?:\+?\d[\d\s().-]{7,30}\d|[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,}|(?<!\w)@\w{3,})",
    re.IGNORECASE,
)
# Requests to subscribe, follow or visit something of the writer's own.
_CHANNEL = re.compile(
    r"\b(?:subscribe|sub)\b[^.!?\n]{0,25}\b(?:me|my|mine|our|back|channel)\b|\bsub\s?(?:4|for)\s?sub\b"
    r"|\b(?:check|visit|watch|see|follow|like|support|join|view|look at)\b[^.!?\n]{0,25}\b(?:my|our)\b[^.!?\n]{0,25}"
    r"\b(?:channel|videos?|page|profile|blog|website|site|shop|store|covers?|song|music|playlist|instagram|facebook|twitter"
    r"|remix|album|group)\b"
    r"|\b(?:please|pls|plz)\s+(?:subscribe|sub)\b|\bfollow\s+(?:me|back|4\s?follow)\b|\bsubscribe\b[^.!?\n]{0,30}\bplease\b"
    r"|\bI\s(?:make|do|post|upload|create)\b[^.!?\n]{0,40}\b(?:videos|covers|vlogs|remixes)\b|\bmy\s(?:new\s)?(?:youtube\s)?channel\b"
    r"|\b(?:like|give)\b[^.!?\n]{0,20}\bthumbs?\s?up\b[^.!?\n]{0,40}\b(?:my|so)\b",
    re.IGNORECASE,
)
# Amounts earned at home or per day, easy money with a link, and gifts.
_MONEY = re.compile(
    r"\b(?:earn(?:ed|ing)?|mak(?:e|es|ing)|made|paid|profit)\b[^.!?\n]{0,40}[$£€]\s?\d[\d,.]{0,15}k?\b[^.!?\n]{0,40}"
    r"\b(?:home|online|daily|per\s(?:day|hour|week|month)|(?:a|an|every|each)\s(?:day|hour|week|month)|weekly|monthly|laptop|hours?)\b"
    r"|\bwork(?:ing)?\s(?:from|at)\shome\b[^.!?\n]{0,60}(?:[$£€]\s?\d|\bapply\b|\bjoin\b|\bclick\b|\bvisit\b)"
    r"|\b(?:easy|fast|quick|free|extra)\s(?:money|cash|income)\b[^.!?\n]{0,60}\b(?:click|join|visit|link|sign|contact|here)\b"
    r"|\bfree\s(?:gift\s?cards?|vouchers?|iphones?|giveaway)\b",
    re.IGNORECASE,
)
# Crypto and trading near a promise such as `guaranteed` or `double`.
_INVESTMENT = re.compile(
    r"\b(?:bitcoin|btc|crypto(?:currency)?|forex|binary\soptions?|nft|ethereum|usdt)\b[^\n]{0,120}"
    r"\b(?:guaranteed|expert|trader|manager|mentor|recover(?:ed|y)?|double|profits?|returns?|withdraw\w*|invest\s(?:with|now|today))\b"
    r"|\b(?:guaranteed|double\syour)\s(?:returns?|profits?|bitcoin|money|investment)\b",
    re.IGNORECASE,
)
# Drugs and cures near a word such as `buy` or `price`, or near a link.
_REMEDY = re.compile(
    r"\b(?:viagra|cialis|tramadol|xanax|oxycontin|adderall|cbd\s(?:oil|gummies)|weight\sloss\s(?:pills?|supplements?)|keto\s(?:pills?|gummies)"
    r"|penis\senlargement|herbal\s(?:cure|remed(?:y|ies)|doctor)|love\sspells?|spell\scaster)\b[^\n]{0,120}"
    r"(?:\b(?:buy|order|cheap|online|discount|contact|cured?|works?|shipping|deliver\w*|price|get\syours)\b|https?://|www\.|@)"
    r"|\b(?:buy|order|cheap)\b[^.!?\n]{0,30}\b(?:viagra|cialis|tramadol|xanax|oxycontin|adderall|cbd\s(?:oil|gummies))\b",
    re.IGNORECASE,
)
# Calls to action, discounts, and dating.
_OFFER = re.compile(
    r"\b(?:click|tap)\s(?:here|this|(?:on\s)?the\slink|my)\b|\blink\sin\s(?:my\s)?(?:bio|profile)\b|\blimited\s(?:time\s)?offer\b"
    r"|\b(?:buy|order|shop)\s(?:now|today|yours)\b|\b\d{1,2}\s?%\s(?:off|discount)\b[^.!?\n]{0,60}\b(?:code|link|site|store|shop|today)\b"
    r"|\b(?:promo|discount|coupon)\scode\b|\bcheap\s(?:replica|designer|essays?|followers|likes|flights)\b"
    r"|\bhot\s(?:girls?|singles|milfs?)\b[^.!?\n]{0,40}\b(?:near|waiting|chat|meet|click|free)\b",
    re.IGNORECASE,
)

_Rule = Callable[["_SpamInput"], bool]


@dataclass(frozen=True, slots=True)
class _SpamInput:
    """What the rules read of a comment: `text` is normalised, and `words` is the number of words outside links."""

    text: str
    links: tuple[str, ...]
    words: int
    copies: int


def spam_reasons(comment: Comment, *, normalised: NormalisedText | None = None) -> tuple[str, ...]:
    """Return the codes of all rules that apply, in the order of RULES. A comment without any is not spam.

    `normalised` is the comment's text, normalised with its markup because markup may contain links. If it is None,
    the text is normalised here.
    """
    text = (normalise(comment.text[:MAX_CHARS]) if normalised is None else normalised).text
    links = tuple(match.group() for match in _LINK.finditer(text))
    words = len(_LINK.sub(" ", text).split())
    spam_input = _SpamInput(text, links, words, comment.copies)
    return tuple(code for code, rule in RULES.items() if rule(spam_input))


def _is_flood(comment: _SpamInput) -> bool:
    """Return whether the site already has three or more near-duplicates of this text."""
    return comment.copies >= MIN_COPIES


def _is_mostly_links(comment: _SpamInput) -> bool:
    """Return whether a comment has many links and fewer than ten words per link, or a link and hardly a word."""
    link_count = len(comment.links)
    has_many_links = link_count >= MANY_LINKS and comment.words < WORDS_PER_LINK * link_count
    has_only_links = link_count >= 1 and comment.words < MIN_WORDS_AROUND_LINK
    return has_many_links or has_only_links


def _hides_target(comment: _SpamInput) -> bool:
    """Return whether a short comment has a shortened link. Readers who cite sources do not shorten links."""
    return bool(_SHORTENED.search(comment.text)) and comment.words < SHORT_COMMENT_WORDS


RULES: dict[str, _Rule] = {
    "near_duplicate": _is_flood,
    "many_links": _is_mostly_links,
    "shortened_link": _hides_target,
    # A request to get in touch, followed by a phone number or an address.
    "contact_lure": lambda comment: bool(_CONTACT.search(comment.text)),
    # Readers are sent to the writer's own channel, page or shop.
    "channel_lure": lambda comment: bool(_CHANNEL.search(comment.text)),
    # Easy money from home, or gifts.
    "money_lure": lambda comment: bool(_MONEY.search(comment.text)),
    # Crypto, trading, or someone who recovers lost money.
    "investment_lure": lambda comment: bool(_INVESTMENT.search(comment.text)),
    # Drugs and cures for sale. Readers also discuss drugs, so a word such as `buy` or `price` must be near.
    "medicine_lure": lambda comment: bool(_REMEDY.search(comment.text)),
    # Phrases of advertisements.
    "promotion": lambda comment: bool(_OFFER.search(comment.text)),
}
"""Reason codes and their rules, the most certain first."""
