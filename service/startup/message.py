"""The greeting: what `serve` prints when it is ready, so that a newcomer knows what to do next."""

import json
import shlex

import typer

from service.demo.demo import sample_article, sample_comments
from service.settings import Settings
from service.startup.first_run import ADMIN, FirstRun

SAMPLE_COMMENT = "first-comment"


def greet(settings: Settings, *, model: str, first_run: FirstRun | None) -> None:
    """Prints the address, and on the first run the sign-in link, the token and three lines to paste."""
    address = settings.resolved_public_url
    typer.echo(f"\nCommentdesk is at {address} (model {model}, data in {settings.data_dir.absolute()})\n")
    if first_run is None:
        typer.echo(f"Sign in at {address}, or make a one-time link: commentdesk person link {ADMIN}\n")
        return
    typer.echo(f"Sign in once with this link (24 hours): {first_run.sign_in_link}\n")
    typer.echo(f"API token (shown this once): {first_run.token}\n")
    typer.echo("Try these three lines: an article, a comment on it, and the queue.\n")
    for line in curl_lines(address, first_run.token):
        typer.echo(line + "\n")
    typer.echo(f"More to look at: commentdesk serve --demo loads {len(sample_comments())} sample comments.\n")


def curl_lines(address: str, token: str) -> tuple[str, str, str]:
    """Three commands that work as pasted, in this order."""
    article = sample_article()
    facts = {"title": article.title, "body": article.body.split("\n")[0], "section": article.section}
    comment = {
        "id": SAMPLE_COMMENT,
        "article_id": article.id,
        "text": "Only an idiot like you could believe a word of this, you pathetic liar.",
        "author": {"id": "reader-1", "name": "A reader"},
    }
    return (
        _curl("PUT", f"{address}/v1/articles/{article.id}", token, facts),
        _curl("POST", f"{address}/v1/comments", token, comment),
        _curl("GET", f"{address}/v1/queue", token, None),
    )


def _curl(method: str, url: str, token: str, body: object | None) -> str:
    words = ["curl", "-sS", "-X", method, url, "-H", f"Authorization: Bearer {token}"]
    if body is not None:
        words += ["-H", "Content-Type: application/json", "-d", json.dumps(body, ensure_ascii=False)]
    return shlex.join(words)
