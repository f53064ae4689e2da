"""Renders an evaluation as a report, in Markdown and in HTML with charts."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.card import Card
from training.evaluation.results import Evaluation
from training.report.charts import draw_charts
from training.report.sections import write_sections

_TEMPLATES = Path(__file__).parent / "templates"


def write_report(card: Card, evaluation: Evaluation, folder: Path) -> list[Path]:
    """Write report.md and report.html into the folder, and return their paths."""
    sections = write_sections(card, evaluation)
    charts = {name: Markup(svg) for name, svg in draw_charts(evaluation).items()}  # noqa: S704 - drawn by ourselves
    written = []
    for name in ("report.md", "report.html"):
        # StrictUndefined raises an error if a template names something that does not exist.
        environment = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            undefined=StrictUndefined,
            autoescape=name.endswith(".html"),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        template = environment.get_template(f"{name}.j2")
        path = folder / name
        path.write_text(template.render(card=card, sections=sections, charts=charts, quick=evaluation.quick), "utf-8")
        written.append(path)
    return written
