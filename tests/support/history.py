"""A site's past, written straight into the store: many decided comments in one go, without asking the models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from service.domain.policy.site_policy import Outcome
from service.moderation.runtime import Runtime
from service.store.tables import articles, comments, decisions, revisions, scores, verdicts
from tests.support.builders import a_site

STATES = {Outcome.APPROVE: "approved", Outcome.HOLD: "held", Outcome.REJECT: "rejected"}

EXPLANATION = {"toxicity": [], "coherence": [], "relevance": None, "spam": [], "decoded": None}


@dataclass(frozen=True, kw_only=True)
class Past:
    """One comment: its toxicity, and what a person said of it, if anybody did."""

    toxicity: float
    said: Outcome | None = None
    by: str = "user:ana"
    text: str = "The tram was late again this morning."
    outcome: Outcome | None = None


def an_even_past(count: int, *, holds_from: float = 0.8, wrong_from: float = 0.9, audit_every: int = 4) -> list[Past]:
    """Toxicity spread evenly; everything held was read, and one in `audit_every` of the rest."""
    past = []
    for number in range(count):
        toxicity = number / count
        was_read = toxicity >= holds_from or number % audit_every == 0
        said = Outcome.REJECT if toxicity >= wrong_from else Outcome.APPROVE
        past.append(Past(toxicity=toxicity, said=said if was_read else None))
    return past


def write_past(
    runtime: Runtime, past: Sequence[Past], *, site: str = "gazette", holds_from: float = 0.8, audit_share: float = 0.25
) -> None:
    """Writes comments `p-0`, `p-1`, … on the article `tram`, a minute apart, the last one a minute ago."""
    a_site(runtime, site)
    now = runtime.clock()
    rows: dict[Any, list[dict[str, Any]]] = {t: [] for t in (comments, revisions, scores, decisions, verdicts)}
    for number, each in enumerate(past):
        at = now - timedelta(minutes=len(past) - number)
        outcome = each.outcome or (Outcome.HOLD if each.toxicity >= holds_from else Outcome.APPROVE)
        key = {"site": site, "comment_id": f"p-{number}", "revision": 1}
        rows[comments].append(
            {
                "site": site, "id": f"p-{number}", "article_id": "tram", "revision": 1, "content_hash": "",
                "state": STATES[each.said or outcome], "awaits_article": False, "posted_at": at, "received_at": at,
            }
        )  # fmt: skip
        rows[revisions].append({**key, "text": each.text, "received_at": at})
        rows[scores].append(
            {
                **key, "id": number + 1, "model": "m", "language": "en", "scored_at": at, "abstentions": {},
                "explanation": EXPLANATION, "scores": {"toxicity": each.toxicity, "relevance": 0.9, "coherence": 0.9},
            }
        )  # fmt: skip
        rows[decisions].append(
            {
                **key, "id": number + 1, "score_id": number + 1, "outcome": str(outcome), "thresholds": {},
                "rule": "toxicity" if outcome is Outcome.HOLD else "nothing_found",
                "findings": _findings(each, outcome), "policy_version": 0, "model_hash": "h", "decided_at": at,
                "sampling_probability": 1.0 if outcome is Outcome.HOLD else audit_share,
                "sampled": outcome is Outcome.HOLD or each.said is not None,
            }
        )  # fmt: skip
        if each.said is not None:
            rows[verdicts].append(
                {
                    **key, "id": number + 1, "outcome": str(each.said), "note": "", "by": each.by, "source": "desk",
                    "reason": "toxic" if each.said is Outcome.REJECT else None, "decision_id": number + 1,
                    "queue_kinds": ["held" if outcome is Outcome.HOLD else "audit"],
                    "sampling_probability": 1.0 if outcome is Outcome.HOLD else audit_share, "decided_at": at,
                }
            )  # fmt: skip
    with runtime.database.writing() as connection:
        connection.execute(
            insert(articles).values(
                site=site, id="tram", title="Tram line 9", body="", mode="open", created_at=now, updated_at=now
            )
        )
        for table, values in rows.items():
            if values:
                connection.execute(insert(table), values)


def _findings(each: Past, outcome: Outcome) -> list[dict[str, Any]]:
    if outcome is not Outcome.HOLD:
        return []
    finding = {"code": "toxicity", "outcome": "hold", "message": "Its toxicity is above this site's threshold."}
    return [{**finding, "urgent": False, "score": each.toxicity, "threshold": 0.8}]
