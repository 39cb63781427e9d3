"""Settings of mail and webhooks: what is set is read, and what is wrong is named."""

from __future__ import annotations

import re

import pytest

from server.outbox import KEPT_DAYS
from server.outbox_postman import ATTEMPTS_MAX, PAUSE_SECONDS_MAX, pause_seconds
from server.outbox_settings import Delivering, DeliveringRefused, read_delivering
from server.settings import SettingRefused, Settings
from tests.conftest import ROOT

MAIL = {
    "VIGIED_SMTP": "smtps://vigie:secret@mail.test",
    "VIGIED_MAIL_FROM": "Vigie <vigie@operator.test>",
    "VIGIED_URL": "https://vigie.test/",
}


def test_without_settings_there_is_no_mail_and_no_private_address() -> None:
    assert read_delivering({}) == Delivering()
    assert read_delivering({}).smtp is None


def test_what_is_set_is_read_and_the_password_never_prints() -> None:
    made = read_delivering({**MAIL, "VIGIED_WEBHOOKS_PRIVATE": "1", "VIGIED_RETRY_SECONDS": "0.5"})
    assert made.smtp is not None
    assert (made.smtp.host, made.url, made.webhooks_private, made.retry_seconds) == (
        "mail.test",
        "https://vigie.test",
        True,
        0.5,
    )
    assert "secret" not in repr(Settings.from_environment(MAIL))


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"VIGIED_SMTP": "mail.test"}, "VIGIED_SMTP"),
        ({"VIGIED_MAIL_FROM": ""}, "VIGIED_MAIL_FROM"),
        ({"VIGIED_MAIL_FROM": "x@y.test\r\nBcc: z@y.test"}, "VIGIED_MAIL_FROM"),
        ({"VIGIED_URL": "vigie.test"}, "VIGIED_URL"),
        ({"VIGIED_WEBHOOKS_PRIVATE": "yes"}, "VIGIED_WEBHOOKS_PRIVATE"),
        ({"VIGIED_OUTBOX_SECONDS": "0"}, "VIGIED_OUTBOX_SECONDS"),
        ({"VIGIED_DELIVERY_SECONDS": "soon"}, "VIGIED_DELIVERY_SECONDS"),
    ],
)
def test_a_wrong_setting_is_named(changed: dict[str, str], named: str) -> None:
    with pytest.raises(DeliveringRefused, match=rf"^{named}: "):
        read_delivering({**MAIL, **changed})
    with pytest.raises(SettingRefused, match=rf"^{named}: "):
        Settings.from_environment({**MAIL, **changed})


def test_pauses_grow_fourfold_up_to_half_a_day_with_some_jitter() -> None:
    first = Delivering().retry_seconds
    middle = [pause_seconds(first, attempts, 0.5) for attempts in range(1, ATTEMPTS_MAX)]
    assert middle[:3] == [first, 4 * first, 16 * first]
    assert middle == sorted(middle)
    assert max(middle) == PAUSE_SECONDS_MAX
    assert pause_seconds(first, 1, 0.0) < first < pause_seconds(first, 1, 1.0)


def test_the_documentation_has_these_numbers() -> None:
    text = (ROOT / "docs/notifications.md").read_text(encoding="utf-8")
    assert f"up to {ATTEMPTS_MAX}; after the first {Delivering().retry_seconds:g} seconds" in text
    assert f"at most {PAUSE_SECONDS_MAX / 3600:g} hours" in text
    assert f"{KEPT_DAYS} days after delivery" in text
    for variable in re.findall(r"VIGIED_\w+", str(MAIL)):
        assert variable in text
