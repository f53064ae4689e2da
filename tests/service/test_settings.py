"""Settings: read from the environment and checked."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from service.settings import Settings, SettingsInvalid


def test_a_misspelt_setting_is_named_with_the_nearest_valid_one() -> None:
    with pytest.raises(SettingsInvalid, match=r"COMMENTDESK_DATABSE_URL.*COMMENTDESK_DATABASE_URL"):
        Settings.read({"COMMENTDESK_DATABSE_URL": "sqlite:///x.db"})


def test_an_invalid_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_PORT", "eighty")
    with pytest.raises(SettingsInvalid, match="COMMENTDESK_PORT"):
        Settings.read()


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_WEBHOOK_ALLOWED_HOSTS", "cms.internal, 127.0.0.1")
    assert Settings.read().webhook_allowed_hosts == ("cms.internal", "127.0.0.1")


def test_a_child_process_gets_the_same_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stated = Settings(data_dir=tmp_path, port=9001, secret_key="s", webhook_allowed_hosts=("a", "b"))
    for name, value in stated.as_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings.read() == stated


def test_the_secret_key_is_created_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.resolved_secret_key == settings.resolved_secret_key
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_secrets_are_not_in_the_repr_of_settings() -> None:
    shown = repr(Settings(secret_key="tell-nobody", database_url="postgresql+psycopg://u:tell-nobody@h/d"))
    assert "tell-nobody" not in shown


def test_the_wildcard_host_is_not_used_as_the_public_url() -> None:
    assert Settings(host="0.0.0.0").resolved_public_url == "http://127.0.0.1:8000"  # noqa: S104  the case in question
    assert Settings(host="desk.example", port=80).resolved_public_url == "http://desk.example:80"


def test_threads_that_create_the_key_together_get_one_whole_key(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    with ThreadPoolExecutor(8) as several:
        keys = set(several.map(lambda _: settings.resolved_secret_key, range(8)))
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]
    assert (tmp_path / "secret.key").stat().st_mode & 0o777 == 0o600


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_bytes(b"")
    with pytest.raises(SettingsInvalid, match="empty"):
        _ = Settings(data_dir=tmp_path).resolved_secret_key


def test_an_empty_secret_key_setting_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMMENTDESK_SECRET_KEY", "")
    with pytest.raises(SettingsInvalid, match="COMMENTDESK_SECRET_KEY"):
        Settings.read()
