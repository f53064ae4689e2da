"""The program `commentdesk`: reads the settings once and passes them to the command line."""

import sys

from service.cli import build_cli
from service.settings import Settings, SettingsInvalid


def main() -> None:
    """Run `commentdesk`; exit with 2 if a setting is misspelt or has an invalid value."""
    try:
        settings = Settings.read()
    except SettingsInvalid as error:
        print(f"commentdesk: {error}", file=sys.stderr)  # noqa: T201  the log is not configured yet
        sys.exit(2)
    build_cli()(prog_name="commentdesk", obj=settings)


if __name__ == "__main__":
    main()
