"""Where things lie that tests read from the repository."""

from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
RELEASED = REPOSITORY / "models" / "released"
