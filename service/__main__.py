"""The program: reads the settings once and hands them to the command line; it does nothing else itself."""

import sys

from fastapi import FastAPI

from service.app import create_app
from service.cli import build_cli
from service.logs import configure_logs
from service.settings import Settings, SettingsInvalid


def main() -> None:
    """Runs `commentdesk`; exits 2 where a setting is misspelt or cannot be used."""
    try:
        settings = Settings.read()
    except SettingsInvalid as error:
        print(f"commentdesk: {error}", file=sys.stderr)  # noqa: T201  there is no log yet
        sys.exit(2)
    build_cli()(prog_name="commentdesk", obj=settings)


def make_app() -> FastAPI:
    """The web application for uvicorn's own processes, which start from a name and not from an object."""
    settings = Settings.read()
    configure_logs(settings.log_level)
    return create_app(settings, alone=True)


if __name__ == "__main__":
    main()
