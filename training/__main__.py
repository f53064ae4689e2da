"""`python -m training`: runs the command line."""

from models.card import ReleaseRefused
from training.cli import build_cli
from training.cli.options import exit_with_error


def main() -> None:
    """Run the command line. A release that is refused ends it with one line."""
    try:
        build_cli()()
    except ReleaseRefused as refusal:
        exit_with_error(refusal)


if __name__ == "__main__":
    main()
