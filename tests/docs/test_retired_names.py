"""Names that were retired before 0.1.0 stay retired."""

from tests.support.paths import REPOSITORY
from tests.support.structure import find_retired_names


def test_no_retired_name_is_used_in_code_or_pages() -> None:
    assert dict(find_retired_names(REPOSITORY)) == {}
