"""The report of a comparison with Perspective: one HTML file with histograms, thresholds and largest differences."""

from html import escape

from service.batch.shadow import BINS, Comparison, Pair

# Sizes of the histogram in SVG units. The foot is the space for the labels of the axis.
WIDTH, HEIGHT, FOOT = 640, 220, 24
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;"
    "background:#fff}table{border-collapse:collapse}td,th{padding:.3rem .7rem;border-bottom:1px solid #ccc;"
    "text-align:left;vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}"
    ".perspective{fill:#b35806}.commentdesk{fill:#2166ac}svg{max-width:100%;height:auto}"
    "text{font:12px system-ui,sans-serif}"
)


def write_report(comparison: Comparison, *, model: str, source: str, with_texts: bool) -> str:
    """Return the report as an HTML page. Without `with_texts`, it shows lines and ids instead of texts."""
    rank = comparison.rank_correlation
    agreement = f"Rank correlation (Spearman): {rank:.3f}. " if rank is not None else ""
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Perspective and Commentdesk</title><style>{_STYLE}</style></head><body>"
        "<h1>Perspective and Commentdesk, side by side</h1>"
        f"<p>{comparison.count} texts of {escape(source)}, scored by release {escape(model)} on Perspective's scale. "
        f"{agreement}On average our score differs by {comparison.mean_difference:+.3f}.</p>"
        f"<h2>Distribution of the scores</h2>{_draw(comparison)}"
        f"<h2>Decisions at a threshold</h2>{_tabulate(comparison)}"
        f"<h2>Largest differences</h2>{_list(comparison.disagreements, with_texts=with_texts)}"
        "</body></html>\n"
    )


def summarise(comparison: Comparison) -> str:
    """Return a summary in a few lines, for a terminal."""
    rank = comparison.rank_correlation
    first = f"{comparison.count} texts, rank correlation " + (f"{rank:.3f}" if rank is not None else "unknown")
    lines = [
        f"at {at.threshold:.1f}: both {at.both:.1%}, only Perspective {at.only_perspective:.1%}, "
        f"only Commentdesk {at.only_commentdesk:.1%}, same side {at.same_side:.1%}"
        for at in comparison.thresholds
    ]
    return "\n".join((first, *lines))


def _draw(comparison: Comparison) -> str:
    """Draw two bars for each interval of the score. The height is the square root of the share, to show rare scores."""
    step = WIDTH / BINS  # the width of an interval, which has two bars
    highest = max(*comparison.shares_perspective, *comparison.shares_commentdesk) ** 0.5
    bars = []
    for position, shares in enumerate(zip(comparison.shares_perspective, comparison.shares_commentdesk, strict=True)):
        for offset, (kind, share) in enumerate(zip(("perspective", "commentdesk"), shares, strict=True)):
            height = HEIGHT * share**0.5 / highest
            left = position * step + 2 + offset * (step / 2 - 2)
            bars.append(
                f"<rect class='{kind}' x='{left:.1f}' y='{HEIGHT - height:.1f}' width='{step / 2 - 3:.1f}' "
                f"height='{height:.1f}'>"
                f"<title>{position / BINS:.2f} to {(position + 1) / BINS:.2f}: {share:.1%}</title>"
                "</rect>"
            )
    labels = "".join(
        f"<text x='{WIDTH * tenth / 10:.0f}' y='{HEIGHT + 16}' text-anchor='middle'>{tenth / 10:.1f}</text>"
        for tenth in range(1, 10)
    )
    return (
        f"<svg viewBox='0 0 {WIDTH} {HEIGHT + FOOT}' role='img' aria-label='Distributions of both scores'>"
        f"{''.join(bars)}{labels}</svg>"
        "<p><svg width='12' height='12'><rect class='perspective' width='12' height='12'/></svg> Perspective &nbsp; "
        "<svg width='12' height='12'><rect class='commentdesk' width='12' height='12'/></svg> Commentdesk. The height "
        "is the square root of the share of texts, so that rare scores are visible.</p>"
    )


def _tabulate(comparison: Comparison) -> str:
    head = ("threshold", "both above", "only Perspective", "only Commentdesk", "same side")
    rows = "".join(
        f"<tr><td class='n'>{at.threshold:.1f}</td><td class='n'>{at.both:.1%}</td>"
        f"<td class='n'>{at.only_perspective:.1%}</td><td class='n'>{at.only_commentdesk:.1%}</td>"
        f"<td class='n'>{at.same_side:.1%}</td></tr>"
        for at in comparison.thresholds
    )
    titles = "".join(f"<th class='n'>{title}</th>" for title in head)
    return f"<table><tr>{titles}</tr>{rows}</table>"


def _list(pairs: tuple[Pair, ...], *, with_texts: bool) -> str:
    rows = "".join(
        f"<tr><td class='n'>{pair.recorded.line}</td><td>{escape(pair.recorded.id)}</td>"
        f"<td class='n'>{pair.recorded.score:.2f}</td><td class='n'>{pair.own_score:.2f}</td>"
        + (f"<td>{escape(pair.recorded.text)}</td>" if with_texts else "")
        + "</tr>"
        for pair in pairs
    )
    text = "<th>text</th>" if with_texts else ""
    return (
        "<table><tr><th class='n'>line</th><th>id</th><th class='n'>Perspective</th><th class='n'>Commentdesk</th>"
        f"{text}</tr>{rows}</table>"
    )
