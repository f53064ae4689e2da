"""The map: comments of an article or of a day as dots by score. A table without scripts, a drawing with one."""

from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from service.domain.errors import BodyInvalid
from service.domain.identifiers import is_line
from service.domain.policy.rules import HELD_WHEN_BELOW, THRESHOLD_NAMES
from service.moderation.insights import score_map
from service.moderation.insights.score_map import SHOWN
from service.store.insights.score_map import PointSelection
from service.web.access.auth import RuntimeDep, User
from service.web.error_pages import PageRoute
from service.web.policy.threshold_form import read_percent, write_percent
from service.web.rendering import render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PER_MILLE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an address asks for; `low` and `high` are the brushed range in per cent, empty for none."""

    article: str = ""
    day: str = ""
    score: str = "toxicity"
    low: str = ""
    high: str = ""

    def query(self, **other: str) -> str:
        """The query of this view with other fields."""
        facts = {"article": self.article, "day": self.day, "score": self.score, "low": self.low, "high": self.high}
        return urlencode({name: value for name, value in {**facts, **other}.items() if value})

    def selection(self, today: date) -> PointSelection:
        """Which comments: an article's, or those of a day, by default today's. Raises BodyInvalid."""
        if self.score not in THRESHOLD_NAMES:
            raise BodyInvalid("There is no score of this name.", field="score")
        if not is_line(self.article):
            raise BodyInvalid("There is no article with this id.", field="article")
        if self.article:
            return score_map.place_article(self.article)
        try:
            return score_map.place_day(date.fromisoformat(self.day) if self.day else today)
        except (ValueError, OverflowError):
            raise BodyInvalid("A day is written like 2026-11-22.", field="day") from None

    def selected_range(self) -> tuple[float, float] | None:
        """The brushed range as shares, in order; None where none was brushed. Raises PolicyInvalid."""
        low, high = read_percent(self.low, field="low"), read_percent(self.high, field="high")
        if low is None and high is None:
            return None
        ends = (low or 0.0, 1.0 if high is None else high)
        return min(ends), max(ends)


def read_view(article: str = "", day: str = "", score: str = "toxicity", low: str = "", high: str = "") -> View:
    """The view in an address."""
    return View(article=article.strip(), day=day.strip(), score=score, low=low.strip(), high=high.strip())


ViewHere = Annotated[View, Depends(read_view)]


@router.get("/score-map")
def show_map(request: Request, runtime: RuntimeDep, user: User, view: ViewHere) -> Response:
    """The table, the brushed range, and the place where the script draws."""
    selection, selected_range = view.selection(runtime.clock().date()), view.selected_range()
    chosen = (
        score_map.read_range(
            runtime, user.caller, selection=selection, score=view.score, low=selected_range[0], high=selected_range[1]
        )
        if selected_range
        else []
    )
    return render(
        request,
        "score_map.html",
        user=user,
        view=view,
        day=selection.since.date() if selection.since else None,
        seen=score_map.read_map(runtime, user.caller, selection=selection, score=view.score),
        busy=score_map.list_busy_articles(runtime, user.caller),
        selected_range=selected_range,
        chosen=chosen,
        most=SHOWN,
        names=THRESHOLD_NAMES,
        below=HELD_WHEN_BELOW,
        write_percent=write_percent,
    )


@router.get("/score-map/points")
def send_points(runtime: RuntimeDep, user: User, view: ViewHere) -> Response:
    """The dots for the script, as columns: ids, scores in per mille (null for unknown), the first letters of states."""
    points = score_map.read_points(
        runtime, user.caller, selection=view.selection(runtime.clock().date()), score=view.score
    )
    columns = {
        "ids": points.ids,
        "scores": [None if value is None else round(value * PER_MILLE) for value in points.scores],
        "states": "".join(state[0] for state in points.states),
    }
    return JSONResponse(columns, status_code=HTTPStatus.OK, headers={"Cache-Control": "no-store"})
