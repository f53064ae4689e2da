"""Settings that an operator can change by environment variables. Each process reads them once, when it starts."""

import contextlib
import difflib
import importlib.util
import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

import models

ENVIRONMENT_PREFIX = "COMMENTDESK_"
FETCH_PACKAGES = ("protego", "trafilatura")
"""Packages that reading article pages needs, which are installed with `commentdesk[fetch]`."""


class SettingsInvalid(Exception):
    """A setting is misspelt or has an invalid value."""


class Settings(BaseSettings):
    """Every setting. The environment variable is `COMMENTDESK_` followed by the name in capitals."""

    model_config = SettingsConfigDict(env_prefix=ENVIRONMENT_PREFIX, env_file=None, extra="forbid", frozen=True)

    data_dir: Path = Field(
        Path("commentdesk-data"), description="Folder for the SQLite file, the site models and the secret key."
    )
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL of the database; if unset, SQLite in the data folder. PostgreSQL: postgresql+psycopg://…",
    )
    jobs_url: SecretStr | None = Field(
        None,
        description="URL of the job queue: sqlite:///…, postgresql://… or redis://…; if unset, like the database.",
    )
    releases_dir: Path = Field(
        Path(models.__file__).parent / "released", description="Folder of the base releases; the newest one is used."
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=1,
        description="Key for author hashes and audit sampling; if unset, one is created in the data folder.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: HttpUrl | None = Field(
        None, description="URL under which browsers reach the service; with https, cookies are secure."
    )
    web_processes: int = Field(1, ge=1, le=64, description="Number of web processes; more than one needs PostgreSQL.")
    embedded_worker: bool = Field(default=True, description="Whether `serve` also starts a worker.")
    max_body_bytes: int = Field(2_000_000, ge=1_000, description="Largest request body; larger ones get status 413.")
    max_comment_chars: int = Field(20_000, ge=100, description="Longest comment text, in characters.")
    max_in_flight: int = Field(
        24,
        ge=1,
        description="Concurrent requests per process; further ones get status 503 with Retry-After.",
    )
    requests_per_minute: int = Field(
        12_000, ge=1, description="Requests per minute that one token may make, for each process."
    )
    sign_ins_per_minute: int = Field(
        10, ge=1, description="Sign-in attempts per minute from one address, for each process."
    )
    session_hours: int = Field(12, ge=1, description="How long a moderator stays signed in.")
    undo_seconds: int = Field(
        15,
        ge=0,
        description="How long a decision on the review desk can be undone; its webhook waits as long. 0 disables undo.",
    )
    claim_seconds: int = Field(
        120, ge=30, description="How long a comment stays claimed by a moderator who is inactive."
    )
    second_review_share: float = Field(
        0.02, ge=0, le=1, description="Share of verdicts that a second person reviews without seeing the first verdict."
    )
    hash_author_ids: bool = Field(default=True, description="Whether author ids are stored only as keyed hashes.")
    retention_days: int = Field(
        0, ge=0, description="Age in days at which decided comments are erased, leaving a tombstone; 0 keeps them."
    )
    event_retention_days: int = Field(
        90,
        ge=0,
        description="Age in days at which delivered webhook events are deleted with their attempts; 0 keeps them.",
    )
    # NoDecode: pydantic-settings would expect JSON. `split_list` reads the text between commas instead.
    webhook_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts with private addresses that webhooks may reach; separated by commas.",
    )
    webhook_timeout_seconds: float = Field(
        15, gt=0, le=60, description="How long a webhook receiver may take to respond."
    )
    sweep_interval_seconds: int = Field(
        5, ge=1, description="How often the worker looks for due work that is not in the queue."
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Minimum level that is logged.")
    thread_context: int = Field(
        20, ge=0, le=100, description="How many earlier comments of a thread count for relevance."
    )
    perspective_scale: Literal["perspective", "raw"] = Field(
        "perspective",
        description="Scale of toxicity for Perspective clients: `perspective`, or `raw` for our own scores.",
    )
    akismet_hold_is_spam: bool = Field(
        default=True, description="Whether a held comment is reported to Akismet clients as spam (`true`)."
    )
    coral_graphql: bool = Field(
        default=False,
        description="Whether verdicts also set the status in Coral, for connections with a GraphQL token.",
    )
    article_feeds: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="RSS or Atom feeds that the worker imports, as site=URL; separated by commas."
    )
    article_feed_interval_minutes: int = Field(15, ge=1, description="How often the worker imports the feeds.")
    article_fetch_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts whose pages are fetched for articles that have a URL but no text; separated by commas.",
    )

    @field_validator("webhook_allowed_hosts", "article_feeds", "article_fetch_hosts", mode="before")
    @classmethod
    def split_list(cls, value: object) -> object:
        """Split a value like `a.example, b.example` at its commas."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("article_fetch_hosts")
    @classmethod
    def check_fetch_hosts(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse values that are not host names, and any host if the packages that read pages are not installed."""
        if any("/" in host or ":" in host for host in hosts):
            raise ValueError("a host is a name such as news.example, without https:// and without a path")
        if hosts and any(importlib.util.find_spec(package) is None for package in FETCH_PACKAGES):
            raise ValueError("fetching pages needs more packages; pip install 'commentdesk[fetch]'")
        return hosts

    @property
    def resolved_database_url(self) -> str:
        """URL of the database; by default SQLite in the data folder."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'commentdesk.db').absolute()}"

    @property
    def resolved_public_url(self) -> str:
        """URL under which browsers reach the service, without a final slash."""
        if self.public_url:
            return str(self.public_url).rstrip("/")
        # A browser cannot open the wildcard address that means "listen on every interface".
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  read here, not bound
        return f"http://{host}:{self.port}"

    @property
    def site_releases_dir(self) -> Path:
        """Folder of the site models, with one folder per site."""
        return self.data_dir / "releases"

    @property
    def resolved_secret_key(self) -> bytes:
        """The secret key; if the setting is unset, it is created in the data folder (mode 0600) on first use."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return _read_or_create_key(self.data_dir / "secret.key")

    def as_environment(self) -> dict[str, str]:
        """Return the environment for a child process with the same settings."""
        changed = self.model_dump(exclude_defaults=True)
        return {**os.environ, **{ENVIRONMENT_PREFIX + name.upper(): _as_text(value) for name, value in changed.items()}}

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from the environment.

        Raises SettingsInvalid, which names the setting and, for a misspelt one, the most similar name.
        """
        _require_known_names(environment, tuple(cls.model_fields))
        try:
            # Pydantic reads the variables itself. It ignores misspelt ones, which are checked above.
            return cls()
        except ValidationError as error:
            details = error.errors()[0]
            name = ENVIRONMENT_PREFIX + str(details["loc"][0]).upper() if details["loc"] else "settings"
            raise SettingsInvalid(f"{name}: {details['msg']}.") from None


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _require_known_names(environment: Mapping[str, str], fields: tuple[str, ...]) -> None:
    known = [ENVIRONMENT_PREFIX + field.upper() for field in fields]
    for name in environment:
        if name.upper().startswith(ENVIRONMENT_PREFIX) and name.upper() not in known:
            # With a cutoff of 0 there is always a most similar name.
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)[0]
            raise SettingsInvalid(f"{name} is not a setting. Did you mean {nearest}?")


def _read_or_create_key(path: Path) -> bytes:
    """Return the key in the file; create the file atomically if missing, as another process may be starting too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
            # Unlike a renaming, a link never replaces a key that another process has created in the meantime.
            with contextlib.suppress(FileExistsError):
                os.link(file.name, path)
    key = path.read_bytes()
    if not key:
        raise SettingsInvalid(
            f"{path} is empty. Restore it from a backup: without the key, known authors become unknown."
        )
    return key
