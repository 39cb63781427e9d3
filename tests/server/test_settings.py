"""Settings: from the environment, with defaults that work, and refusals that name the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from server.settings import SettingRefused, Settings


def test_nothing_set_is_an_embedded_production_network_on_a_free_port() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert (settings.postgres, settings.kind, settings.port, settings.host) == (
        False,
        "production",
        0,
        "127.0.0.1",
    )


def test_what_is_set_is_taken() -> None:
    settings = Settings.from_environment(
        {
            "VIGIED_DATABASE": "postgresql://vigie@db/vigie",
            "VIGIED_KEYS": "/keys",
            "VIGIED_KIND": "demo",
            "VIGIED_NETWORK_NAME": "Réseau",
            "VIGIED_SHOWN_WITHIN_SECONDS": "0",
            "PORT": "8080",
        }
    )
    assert settings.postgres
    assert settings.shown_within_seconds == 0
    assert (settings.keys, settings.kind, settings.network_name, settings.port) == (
        Path("/keys"),
        "demo",
        "Réseau",
        8080,
    )


@pytest.mark.parametrize(
    ("url", "path"),
    [("sqlite:///vigie.sqlite3", "vigie.sqlite3"), ("sqlite:////var/v.sqlite3", "/var/v.sqlite3")],
)
def test_a_sqlite_url_names_a_file(url: str, path: str) -> None:
    assert Settings(database=url).sqlite_path == Path(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIGIED_DATABASE", "vigie.sqlite3"),
        ("VIGIED_KIND", "test"),
        ("PORT", "-1"),
        ("PORT", "65536"),
        ("PORT", "http"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingRefused, match=name):
        Settings.from_environment({name: value})
