"""`python -m training`: runs the command line."""

from models.card import ReleaseRefused
from training.cli import build_cli
from training.cli.options import refuse


def main() -> None:
    """Run the command line. A release that is refused ends it with one line."""
    try:
        build_cli()()
    except ReleaseRefused as refusal:
        refuse(refusal)


if __name__ == "__main__":
    main()
