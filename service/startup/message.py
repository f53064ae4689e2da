"""The message that `serve` prints when it starts: where it runs and, the first time, what to do next."""

import json
import shlex

import typer

from service.demo.demo import sample_article, sample_comments
from service.settings import Settings
from service.startup.first_run import ADMIN, FirstRun

SAMPLE_COMMENT = "first-comment"


def print_start_message(settings: Settings, *, model: str, first_run: FirstRun | None) -> None:
    """Print the address; on the first run also the sign-in link, the API token and three requests to try."""
    address = settings.resolved_public_url
    typer.echo(f"\nCommentdesk runs at {address} (models {model}, data in {settings.data_dir.absolute()})\n")
    if first_run is None:
        typer.echo(f"Sign in at that address, or create a sign-in link: commentdesk user sign-in-link {ADMIN}\n")
        return
    typer.echo(f"Sign in with this link (works once, within 24 hours): {first_run.sign_in_link}\n")
    typer.echo(f"API token (shown only once): {first_run.token}\n")
    typer.echo("To try the API, paste these three requests into another terminal.")
    typer.echo("They save an article, send a comment on it, and list the review queue.\n")
    for line in curl_lines(address, first_run.token):
        typer.echo(line + "\n")
    typer.echo(f"For a queue with {len(sample_comments())} sample comments: commentdesk serve --demo\n")


def curl_lines(address: str, token: str) -> tuple[str, str, str]:
    """Return three curl commands that work as pasted, in this order."""
    article = sample_article()
    body = {"title": article.title, "body": article.body.split("\n")[0], "section": article.section}
    comment = {
        "id": SAMPLE_COMMENT,
        "article_id": article.id,
        "text": "Only an idiot like you could believe a word of this, you pathetic liar.",
        "author": {"id": "reader-1", "name": "A reader"},
    }
    return (
        _curl("PUT", f"{address}/v1/articles/{article.id}", token, body),
        _curl("POST", f"{address}/v1/comments", token, comment),
        _curl("GET", f"{address}/v1/queue", token, None),
    )


def _curl(method: str, url: str, token: str, body: object | None) -> str:
    arguments = ["curl", "-sS", "-X", method, url, "-H", f"Authorization: Bearer {token}"]
    if body is not None:
        arguments += ["-H", "Content-Type: application/json", "-d", json.dumps(body, ensure_ascii=False)]
    return shlex.join(arguments)
