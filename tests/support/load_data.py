"""Any number of invented held comments, written straight into the tables, to test pages under load.

Nothing is scored: scores come from a seeded generator, so that 100,000 comments take seconds.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, insert

from models.comment import SCORES
from service.domain.policy.thresholds import THRESHOLD_NAMES
from service.domain.priority import Priority, priority_of_scores
from service.store.database import Database
from service.store.tables import articles, authors, comments, decisions, queue, revisions, scores

SECTIONS = ("local", "politics", "sports", "culture", "science", "opinion", "business", "travel")
_OPENINGS = (
    "I walk past the building every morning and", "As somebody who lives two streets away I think", "My neighbour says",
    "Once again the council has shown that", "You have not understood a word of this:", "Thank you for this article;",
    "It is a disgrace that", "Please tell me who decided that", "When I was a nurse there,", "The figures say that",
)  # fmt: skip
_MIDDLES = (
    "the new line will help nobody who works at night", "the mayor is a fool and so is everybody who voted for him",
    "the money should have gone to the schools", "the trees on the square must stay", "nobody asked the shopkeepers",
    "those idiots at the town hall could not plan a picnic", "the plan from ten years ago was better and cheaper",
    "we waited nine years for this and it was worth it", "the noise at five in the morning is not a detail",
)  # fmt: skip
_ENDINGS = (
    "and I would like an answer.", "but I may be wrong.", "and that is all there is to say.", "so let us try it.",
    "and I shall vote accordingly.", "– shame on the lot of them!", "as the reader above has said.", "don't you agree?",
)  # fmt: skip
_CHUNK = 10_000
_MOODS = 1_000
"""Different sets of scores; drawing them anew for each comment would take longer than writing the comment."""


@dataclass(frozen=True)
class _Mood:
    """The scores of a comment, what holds it, and its weight in the queue."""

    scores: dict[str, float]
    reason: str
    weight: Priority
    parts: dict[str, float]


def fill_queue(database: Database, *, site: str, count: int, now: datetime, seed: int = 1) -> None:
    """Lets `count` comments wait on a site that is there: in 50 articles a section, by one author for every ten."""
    draw = random.Random(seed)  # invented comments are no secret
    article_ids = [f"{section}-{number}" for section in SECTIONS for number in range(50)]
    author_ids = [f"reader-{number}" for number in range(max(1, count // 10))]
    with database.writing() as connection:
        _fill(connection, articles, (_article(site, article_id, now) for article_id in article_ids))
        _fill(connection, authors, (_author(site, author_id, now) for author_id in author_ids))
    moods = [_mood(draw, number) for number in range(_MOODS)]
    drawn = (_comment(draw, site, number, moods, article_ids, author_ids, now) for number in range(count))
    while chunk := list(islice(drawn, _CHUNK)):
        with database.writing() as connection:
            for number, table in enumerate((comments, revisions, scores, decisions, queue)):
                _fill(connection, table, (rows[number] for rows in chunk))


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    connection.execute(insert(table), list(rows))


def _article(site: str, article_id: str, now: datetime) -> dict[str, Any]:
    section, _, number = article_id.partition("-")
    title = f"What the town decided about its {section}, part {int(number) + 1}"
    dates = {"created_at": now - timedelta(days=3), "updated_at": now - timedelta(days=3)}
    return {"site": site, "id": article_id, "title": title, "body": "", "section": section, "mode": "open", **dates}


def _author(site: str, author_id: str, now: datetime) -> dict[str, Any]:
    name = f"Reader {author_id.partition('-')[2]}"
    return {"site": site, "id": author_id, "name": name, "trust": "normal", "first_seen_at": now - timedelta(days=90)}


def _mood(draw: random.Random, number: int) -> _Mood:
    urgent = number % 97 == 0
    values = {name: round(draw.betavariate(2, 3), 4) for name in (*SCORES, "likely_to_reject") if name != "spam"}
    reason = "threat" if urgent else draw.choice(("toxicity", "insult", "relevance", "coherence", "pre_moderated"))
    weight = priority_of_scores(values, urgent=urgent, article_comments=number % 300)
    return _Mood(values, reason, weight, weight.as_dict())


def _comment(
    draw: random.Random,
    site: str,
    number: int,
    moods: list[_Mood],
    article_ids: list[str],
    author_ids: list[str],
    now: datetime,
) -> tuple[dict[str, Any], ...]:
    mood = moods[number % _MOODS]
    comment_id, score_id = f"crowd-{number}", number + 1
    entered = now - timedelta(seconds=draw.randrange(4 * 86_400))
    words = " ".join(draw.choice(part) for part in (_OPENINGS, _MIDDLES, _ENDINGS))
    urgent = mood.reason == "threat"
    here = {"site": site, "comment_id": comment_id, "revision": 1}
    own = {"article_id": draw.choice(article_ids), "author_id": draw.choice(author_ids)}
    finding = {
        "code": mood.reason,
        "outcome": "hold",
        "message": "",
        "urgent": urgent,
        "score": None,
        "threshold": None,
    }
    return (
        {
            "site": site, "id": comment_id, **own, "parent_id": None, "revision": 1, "state": "held",
            "content_hash": "0" * 64, "awaits_article": False, "posted_at": entered, "received_at": entered,
        },
        {**here, "text": f"{words} ({number})", "received_at": entered},
        {
            "id": score_id, **here, "model": "crowd", "site_model": None, "language": "en", "scored_at": entered,
            "scores": {**mood.scores, "spam": 0.0}, "abstentions": {},
            "explanation": {"toxicity": [], "coherence": [], "relevance": None, "spam": [], "decoded": None},
        },
        {
            **here, "score_id": score_id, "outcome": "hold", "rule": mood.reason, "findings": [finding],
            "thresholds": {"toxicity": 0.6, "relevance": 0.05, "coherence": 0.1}, "policy_version": 0,
            "model_hash": "0" * 64, "sampling_probability": 1.0, "sampled": True, "decided_at": entered,
        },
        {
            "site": site, "comment_id": comment_id, "kind": "held", "priority": mood.weight.total,
            "priority_parts": mood.parts, "urgent": urgent, "entered_at": entered,
            "sort_key": mood.weight.sort_key(entered), **own,
            "language": "fr" if number % 50 == 0 else "en", "findings": f" {mood.reason} ",
            **{name: mood.scores.get(name) for name in THRESHOLD_NAMES},
        },
    )  # fmt: skip
