"""Of what a browser says of itself, two words of a list are left."""

from __future__ import annotations

import pytest

from server.programs import described

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (CHROME.format("X11; Linux x86_64"), "Chrome, Linux"),
        (CHROME.format("Windows NT 10.0; Win64; x64") + " Edg/150.0.1.2", "Edge, Windows"),
        ("Mozilla/5.0 (Android 16; Mobile; rv:147.0) Gecko/147.0 Firefox/147.0", "Firefox, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) Version/26 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/26 Safari/605.1.15", "Safari, macOS"),
        ("vigie/0.1", "vigie"),
        ("curl/8.0 of somebody@firm.test", ""),
        ("", ""),
    ],
)
def test_program_and_system_are_kept_without_version_or_model(said: str, kept: str) -> None:
    assert described(said) == kept
