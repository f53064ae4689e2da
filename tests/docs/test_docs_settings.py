"""Every setting is in the table of docs/settings.md, with its default and its meaning."""

from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from service.settings import ENVIRONMENT_PREFIX, Settings
from tests.support.docs_pages import read_page


def default_of(name: str, field: FieldInfo) -> str:
    assert field.default is not PydanticUndefined
    if name == "releases_dir":
        return "those inside the package"
    if field.default is None or field.default == ():
        return "none"
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def table() -> str:
    rows = [
        f"| `{ENVIRONMENT_PREFIX}{name.upper()}` | {default_of(name, field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| variable | default | meaning |", "| --- | --- | --- |", *rows])


def test_the_table_of_settings_matches_the_code() -> None:
    assert table() in read_page("docs/settings.md"), f"The table should read:\n\n{table()}"


def test_defaults_do_not_depend_on_the_reader() -> None:
    assert str(Path.home()) not in table()
