"""The evaluation as a report that a person can read, in Markdown and in HTML with curves; it measures nothing."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from models.card import Card
from training.report.curves import draw_curves
from training.report.sections import write_sections
from training.report.tables import Facts

_TEMPLATES = Path(__file__).parent / "templates"


def write_report(card: Card, measured: Facts, folder: Path) -> list[Path]:
    """Write report.md and report.html into the folder and answer their paths."""
    sections = write_sections(card, measured)
    drawings = {name: Markup(svg) for name, svg in draw_curves(measured).items()}  # noqa: S704 - drawn by ourselves
    written = []
    for name in ("report.md", "report.html"):
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
        path.write_text(template.render(card=card, sections=sections, drawings=drawings, measured=measured), "utf-8")
        written.append(path)
    return written
