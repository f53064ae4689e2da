"""An invented newsroom: 200 comments under 20 articles, with its moderators' verdicts.

The newsroom rejects comments that sell or swap tickets, a rule that no general model can know. Every sentence is built
from hand-written parts.
"""

import random
from collections.abc import Iterator
from typing import Any

SUBJECTS = ("the tram", "the library", "the swimming pool", "the market hall", "the theatre", "the football ground")
PLACES = ("on the east side", "near the station", "by the river", "in the old town", "behind the school")
OPINIONS = (
    "I have used {0} {1} for years and the opening hours were never the problem.",
    "If the council closes {0} {1}, our children will have to cross two main roads.",
    "Nobody asked the people who live {1} what they think about {0}.",
    "My neighbour works at {0} {1} and says that the roof has leaked since March.",
    "The plan for {0} {1} is the first sensible thing I have read this year.",
    "Why does {0} {1} cost twice what was promised in the budget?",
)
OFFERS = (
    "Selling two tickets for {0} {1} on Saturday, message me before they are gone.",
    "Anybody want to swap tickets for {0} {1}? I have Sunday and need Friday.",
    "I have spare tickets for {0} {1}, half price, first come first served.",
    "Looking for a ticket to {0} {1}, will pay well, write to me today.",
    "Tickets for {0} {1} still to be had from my cousin, ask for Tom at the kiosk.",
)
VERDICTS = ({"outcome": "approve"}, {"outcome": "reject", "reason": "spam"})
ARTICLES, EACH = 20, 10


def many_articles() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield article ids and request bodies."""
    for number in range(ARTICLES):
        subject, place = SUBJECTS[number % len(SUBJECTS)], PLACES[number % len(PLACES)]
        yield f"article-{number}", {"title": f"What will become of {subject} {place}?", "section": "local"}


def many_comments() -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """Yield comments with their verdicts, in order of arrival."""
    generator = random.Random(11)  # a repeatable test, no secret
    for number in range(ARTICLES * EACH):
        is_offer = number % 3 == 0
        frame = generator.choice(OFFERS if is_offer else OPINIONS)
        text = frame.format(generator.choice(SUBJECTS), generator.choice(PLACES))
        comment = {"id": f"c-{number}", "article_id": f"article-{number // EACH}", "text": text}
        yield comment, VERDICTS[is_offer]
