"""Settings: what an operator may change, read once in `__main__` and handed on; nothing else reads the environment."""

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
from sqlalchemy.engine import make_url

import models

PREFIX = "COMMENTDESK_"
FETCH_PACKAGES = ("protego", "trafilatura")


class SettingsInvalid(Exception):
    """A setting is misspelt or has a value that cannot be used."""


class Settings(BaseSettings):
    """Every setting; the environment variable is the name in capitals behind `COMMENTDESK_`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=None, extra="forbid", frozen=True)

    data_dir: Path = Field(Path("commentdesk-data"), description="Folder of the database file, site models and keys.")
    database_url: SecretStr | None = Field(
        None,
        description="SQLAlchemy URL; without it, SQLite in the data folder. PostgreSQL: postgresql+psycopg://…",
    )
    jobs_url: SecretStr | None = Field(
        None,
        description="Where the job queue lives: sqlite:///…, postgresql://… or redis://…; without it, as the database.",
    )
    releases_dir: Path = Field(
        Path(models.__file__).parent / "released", description="Folder of the base releases, newest wins."
    )
    secret_key: SecretStr | None = Field(
        None,
        min_length=1,
        description="Key of author hashes and audit sampling; without it, one is made in the data folder.",
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on.")
    public_url: HttpUrl | None = Field(
        None, description="Address that people's browsers use; https here makes cookies secure."
    )
    web_processes: int = Field(1, ge=1, le=64, description="Web processes; more than one wants PostgreSQL.")
    embedded_worker: bool = Field(default=True, description="Whether `serve` also starts a worker.")
    max_body_bytes: int = Field(2_000_000, ge=1_000, description="Largest request body; more is answered 413.")
    max_comment_chars: int = Field(20_000, ge=100, description="Longest comment text, in characters.")
    max_in_flight: int = Field(
        24,
        ge=1,
        description="Requests being worked on at once in a process; more are answered 503 with Retry-After.",
    )
    requests_per_minute: int = Field(
        12_000, ge=1, description="Requests that one token may make in a minute, of each process."
    )
    sign_ins_per_minute: int = Field(
        10, ge=1, description="Sign-in attempts from one address in a minute, on each process."
    )
    session_hours: int = Field(12, ge=1, description="How long a moderator stays signed in.")
    undo_seconds: int = Field(
        15,
        ge=0,
        description="How long a decision on the pages can be taken back; its webhook waits as long. 0: not at all.",
    )
    claim_seconds: int = Field(
        120, ge=30, description="How long a comment is kept for the moderator who looks at it and does nothing."
    )
    second_review_share: float = Field(
        0.02, ge=0, le=1, description="Share of people's decisions that a second person reads, not knowing the first."
    )
    hash_author_ids: bool = Field(default=True, description="Whether author ids are kept as keyed hashes only.")
    retention_days: int = Field(
        0, ge=0, description="Decided comments older than this are erased, leaving a tombstone; 0 keeps them."
    )
    event_retention_days: int = Field(
        90, ge=0, description="Delivered webhook events older than this are deleted, with their attempts; 0 keeps them."
    )
    webhook_allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts that webhooks may reach although their addresses are private; separated by commas.",
    )
    webhook_timeout_seconds: float = Field(15, gt=0, le=60, description="How long a receiver may take to answer.")
    sweep_interval_seconds: int = Field(
        5, ge=1, description="How often the worker looks for work that the queue has lost."
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="Least level that is logged.")
    thread_context: int = Field(20, ge=0, le=100, description="Earlier comments of a thread that relevance looks at.")
    perspective_scale: Literal["perspective", "raw"] = Field(
        "perspective", description="Scale of toxicity for Perspective's clients: `perspective`, or `raw` for ours."
    )
    akismet_hold_is_spam: bool = Field(
        default=True, description="Whether Akismet's clients are told `true` of a comment that is held."
    )
    coral_graphql: bool = Field(
        default=False, description="Whether verdicts set the status in Coral, where a connection has a token."
    )
    article_feeds: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="RSS or Atom feeds that the worker imports, as site=address; separated by commas."
    )
    article_feed_minutes: int = Field(15, ge=1, description="How often the worker imports the feeds.")
    article_fetch_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Hosts whose pages are fetched for articles that have an address and no text; separated by commas.",
    )

    @field_validator("webhook_allowed_hosts", "article_feeds", "article_fetch_hosts", mode="before")
    @classmethod
    def split_hosts(cls, value: object) -> object:
        """Reads `a.example, b.example` as two hosts, or feeds."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("article_fetch_hosts")
    @classmethod
    def check_fetching(cls, hosts: tuple[str, ...]) -> tuple[str, ...]:
        """Refuses what is no host's name, and any host where the packages that read pages are not installed."""
        if any("/" in host or ":" in host for host in hosts):
            raise ValueError("a host is a name such as news.example, without https:// before it or a path behind")
        if hosts and not all(map(importlib.util.find_spec, FETCH_PACKAGES)):
            raise ValueError("reading pages takes packages that are not installed; pip install 'commentdesk[fetch]'")
        return hosts

    @property
    def resolved_database_url(self) -> str:
        """The database's URL, SQLite in the data folder by default."""
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        return f"sqlite:///{(self.data_dir / 'commentdesk.db').absolute()}"

    @property
    def database_file(self) -> Path | None:
        """Where SQLite's file is or will be; None for another database, or one in memory."""
        url = make_url(self.resolved_database_url)
        return Path(url.database).absolute() if url.get_backend_name() == "sqlite" and url.database else None

    @property
    def resolved_public_url(self) -> str:
        """The address that people's browsers use, without a slash at its end."""
        if self.public_url:
            return str(self.public_url).rstrip("/")
        # Listening on every address is no address to open in a browser.
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  read here, not bound
        return f"http://{host}:{self.port}"

    @property
    def site_releases_dir(self) -> Path:
        """Folder of the sites' own models, one folder a site."""
        return self.data_dir / "releases"

    @property
    def resolved_secret_key(self) -> bytes:
        """The secret key, made in the data folder (mode 0600) the first time that it is asked for."""
        if self.secret_key is not None:
            return self.secret_key.get_secret_value().encode()
        return _kept_key(self.data_dir / "secret.key")

    def as_environment(self) -> dict[str, str]:
        """The whole environment for a child process that shall have these very settings."""
        stated = self.model_dump(exclude_defaults=True)
        return {**os.environ, **{PREFIX + name.upper(): _as_text(value) for name, value in stated.items()}}

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Settings from the environment; raises SettingsInvalid naming the setting and, for a typo, the nearest."""
        _refuse_unknown(environment, tuple(cls.model_fields))
        try:
            return cls()
        except ValidationError as error:
            facts = error.errors()[0]
            name = PREFIX + str(facts["loc"][0]).upper() if facts["loc"] else "settings"
            raise SettingsInvalid(f"{name}: {facts['msg']}.") from None


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _refuse_unknown(environment: Mapping[str, str], fields: tuple[str, ...]) -> None:
    known = [PREFIX + field.upper() for field in fields]
    for name in environment:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)[0]
            raise SettingsInvalid(f"{name} is not a setting. Did you mean {nearest}?")


def _kept_key(path: Path) -> bytes:
    """The key in the file; made there, whole at once, where none is: another process may be starting too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".key-") as made:
            made.write(secrets.token_hex(32).encode())
            made.flush()
            os.fsync(made.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(made.name, path)
    key = path.read_bytes()
    if not key:
        raise SettingsInvalid(f"{path} is empty. Restore it from a backup; without it known authors become unknown.")
    return key
