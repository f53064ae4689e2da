"""Each spam rule matches its kind of spam, and none an argument that cites sources."""

import pytest

from models.comment import Comment
from models.spam import RULES, spam_reasons
from models.text.alignment import NormalisedText
from models.text.normalise import MAX_CHARS


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("many_links", "look http://a.example/1 http://b.example/2 http://c.example/3"),
        ("many_links", "http://a.example/offer"),
        ("shortened_link", "You won't believe what they found, see bit.ly/3xYzAb"),
        ("contact_lure", "Contact Dr Osagie on WhatsApp +1 (555) 010-7788 and be healed"),
        ("contact_lure", "for a loan write to fast.loans@example.com"),
        ("channel_lure", "Nice article. Please check out my new channel, I post every day"),
        ("channel_lure", "subscribe to my page and I will subscribe back"),
        ("money_lure", "I earn $85 an hour working online from my laptop"),
        ("money_lure", "Get free gift cards in five minutes"),
        ("investment_lure", "My bitcoin was lost, but this expert recovered everything within a day"),
        ("medicine_lure", "Buy cheap viagra with overnight delivery"),
        ("medicine_lure", "A herbal doctor cured my husband, contact him"),
        ("promotion", "Click here for a limited time offer"),
        ("promotion", "Cl\u200bick he\u200bre to meet"),
    ],
)
def test_spam_matches_its_rule(code: str, text: str) -> None:
    assert code in spam_reasons(Comment(text=text))


@pytest.mark.parametrize(
    "text",
    [
        "The ministry's own figures say the opposite, see https://stats.example.org/2024/rents.pdf, table three.",
        "Both disagree with you: https://one.example.org/a and https://two.example.org/b show that emissions fell.",
        "Bitcoin is a pyramid scheme and I hope they regulate it.",
        "My doctor put me on Xanax after the accident and it took two years to get off it.",
        "I make about $60,000 a year and still cannot afford a flat here.",
        "I subscribe to this paper because of reporting like this.",
        "You can call the council at the number in the article, they did answer me.",
        "Working from home has emptied the centre of town.",
        "",
    ],
)
def test_ordinary_comment_is_not_spam(text: str) -> None:
    assert spam_reasons(Comment(text=text)) == ()


@pytest.mark.parametrize(
    ("copies", "expected"), [(0, ()), (2, ()), (3, ("near_duplicate",)), (40, ("near_duplicate",))]
)
def test_fourth_copy_is_a_flood(copies: int, expected: tuple[str, ...]) -> None:
    assert spam_reasons(Comment(text="Vote yes on the bridge, everyone!", copies=copies)) == expected


def test_reasons_are_in_the_order_of_the_rules() -> None:
    reasons = spam_reasons(Comment(text="Click here: bit.ly/abc, subscribe to my channel", copies=5))

    assert reasons == tuple(code for code in RULES if code in reasons)
    assert len(reasons) == 4


@pytest.mark.parametrize(
    "prose",
    [
        "Agreed.Top comment",
        "Rubbish.Online only.",
        "Thanks.Info please",
        "Rubbish.Net zero",
        "Great stuff.Shop local",
        "Agreed.top-notch work",
        "ROT.TOP TO BOTTOM",
    ],
)
def test_missing_space_after_a_full_stop_is_not_a_link(prose: str) -> None:
    assert spam_reasons(Comment(text=prose)) == ()


@pytest.mark.parametrize(
    "advert",
    [
        "cheapshoes.top",
        "Cheapshoes.shop best",
        "CheapShoes.club!",
        "quick-cash24.online now",
        "Cheap.Shop/sale",
        "www.Cheap.Top",
        "HTTPS://CHEAP.INFO",
        "BIGCASH.COM now",
        "bigcash.biz, bigcash.net",
    ],
)
def test_bare_domain_is_a_link(advert: str) -> None:
    assert spam_reasons(Comment(text=advert)) == ("many_links",)


def test_spam_after_the_last_scored_character_is_ignored() -> None:
    text = "No. " * (MAX_CHARS // 4) + "Click here"

    assert spam_reasons(Comment(text=text[1:])) == ()
    assert spam_reasons(Comment(text=text[10:])) == ("promotion",)


def test_long_runs_of_hyphens_take_linear_time() -> None:
    """In quadratic time, they would take minutes."""
    for text in ("a-" * 200_000, "dm-" * 50_000):
        assert spam_reasons(Comment(text=""), normalised=NormalisedText(text)) == ()
