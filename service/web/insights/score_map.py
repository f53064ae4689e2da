"""The score map: a chart of the scores of an article or a day, with a table for browsers without scripts."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response

from service.dependencies import RuntimeDep
from service.domain.errors import BodyInvalid
from service.domain.identifiers import is_line
from service.domain.policy.thresholds import HELD_WHEN_BELOW, THRESHOLD_NAMES
from service.moderation.insights import score_map
from service.moderation.insights.score_map import MAX_SHOWN
from service.store.insights.score_map import PointSelection
from service.web.access.auth import CurrentUser
from service.web.error_pages import PageRoute
from service.web.formatting import parse_percent
from service.web.rendering import json_response, render

router = APIRouter(route_class=PageRoute, include_in_schema=False)

PER_MILLE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MapView:
    """The parameters in a map's address, as text. `low` and `high` are the selected range of `score` in per cent."""

    article: str = ""
    day: str = ""
    score: str = "toxicity"
    low: str = ""
    high: str = ""

    def query(self, **changes: str) -> str:
        """Return the view as a query string, after replacing the fields in `changes`. Empty fields are left out."""
        return urlencode({name: value for name, value in {**asdict(self), **changes}.items() if value})

    def selection(self, today: date) -> PointSelection:
        """Select the comments of the article or, without one, of the day (by default today). Raises BodyInvalid."""
        if self.score not in THRESHOLD_NAMES:
            raise BodyInvalid("There is no score of this name.", field="score")
        if not is_line(self.article):
            raise BodyInvalid("There is no article with this id.", field="article")
        if self.article:
            return score_map.select_article(self.article)
        try:
            return score_map.select_day(date.fromisoformat(self.day) if self.day else today)
        except (ValueError, OverflowError):
            raise BodyInvalid("Write a day like 2026-11-22.", field="day") from None

    def selected_range(self) -> tuple[float, float] | None:
        """Return the selected range of the score in ascending order, or None if there is none. Raises BodyInvalid."""
        low, high = parse_percent(self.low, field="low"), parse_percent(self.high, field="high")
        if low is None and high is None:
            return None
        low = low or 0.0
        high = 1.0 if high is None else high
        return min(low, high), max(low, high)


def read_view(article: str = "", day: str = "", score: str = "toxicity", low: str = "", high: str = "") -> MapView:
    """Return the view from the parameters of an address."""
    return MapView(article=article.strip(), day=day.strip(), score=score, low=low.strip(), high=high.strip())


CurrentView = Annotated[MapView, Depends(read_view)]


@router.get("/score-map")
def show_map(request: Request, runtime: RuntimeDep, user: CurrentUser, view: CurrentView) -> Response:
    """Show the map as a table and as a canvas for the script, and list the comments of the selected range."""
    selection, selected_range = view.selection(runtime.clock().date()), view.selected_range()
    comments = []
    if selected_range:
        low, high = selected_range
        comments = score_map.read_range(runtime, user.caller, selection=selection, score=view.score, low=low, high=high)
    return render(
        request,
        "score_map.html",
        user=user,
        view=view,
        day=selection.since.date() if selection.since else None,
        score_map=score_map.read_histogram(runtime, user.caller, selection=selection, score=view.score),
        busy_articles=score_map.list_busy_articles(runtime, user.caller),
        selected_range=selected_range,
        comments=comments,
        max_comments=MAX_SHOWN,
        score_names=THRESHOLD_NAMES,
        held_when_below=HELD_WHEN_BELOW,
    )


@router.get("/score-map/points")
def get_points(runtime: RuntimeDep, user: CurrentUser, view: CurrentView) -> Response:
    """Return the points as columns of equal length, which keep the JSON small.

    `scores` are in per mille, or null if unknown. `states` has one letter per comment, such as "h" for "held".
    """
    points = score_map.read_points(
        runtime, user.caller, selection=view.selection(runtime.clock().date()), score=view.score
    )
    return json_response(
        {
            "ids": points.ids,
            "scores": [None if value is None else round(value * PER_MILLE) for value in points.scores],
            "states": "".join(state[0] for state in points.states),
        }
    )
