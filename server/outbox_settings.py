"""What an operator sets about mail and webhooks, from the environment; nothing set: no mail, public webhooks.

VIGIED_SMTP               smtps://user:password@host, smtp:// (STARTTLS, always) or smtp+plain:// (none)
VIGIED_MAIL_FROM, VIGIED_URL   the sender, and where members open the page: needed with VIGIED_SMTP
VIGIED_WEBHOOKS_PRIVATE   1: webhooks may call private addresses, and without TLS
VIGIED_OUTBOX_SECONDS, VIGIED_RETRY_SECONDS, VIGIED_DELIVERY_SECONDS   how often to look, the first pause, how
                          long an attempt may take
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from server.mail import Smtp, SmtpRefused, read_smtp

_SECONDS: Final = re.compile(r"\d{1,5}(\.\d{1,3})?")
_SENDER: Final = re.compile(r"[^@<>\r\n]*<?[^@<>\s]+@[^@<>\s]+>?")


class DeliveringRefused(ValueError):
    """A setting that this server cannot start with; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """How messages leave. `url`: without a slash at its end."""

    smtp: Smtp | None = None
    mail_from: str = ""
    url: str = ""
    webhooks_private: bool = False
    outbox_seconds: float = 2.0
    retry_seconds: float = 5.0
    delivery_seconds: float = 10.0


def read_delivering(environment: Mapping[str, str]) -> Delivering:
    """Raise DeliveringRefused naming the variable that is wrong."""
    usual = Delivering()
    smtp = None
    if address := environment.get("VIGIED_SMTP", ""):
        try:
            smtp = read_smtp(address)
        except SmtpRefused as error:
            raise DeliveringRefused(f"VIGIED_SMTP: {error}") from None
    sender, url = environment.get("VIGIED_MAIL_FROM", ""), environment.get("VIGIED_URL", "").rstrip("/")
    if smtp and not _SENDER.fullmatch(sender):
        raise DeliveringRefused("VIGIED_MAIL_FROM: expected such as Vigie <vigie@example.org>")
    parts = urlsplit(url)
    if smtp and (parts.scheme not in {"https", "http"} or not parts.netloc or parts.query or parts.fragment):
        raise DeliveringRefused("VIGIED_URL: expected such as https://vigie.example.org")
    private = environment.get("VIGIED_WEBHOOKS_PRIVATE", "0")
    if private not in {"0", "1"}:
        raise DeliveringRefused(f"VIGIED_WEBHOOKS_PRIVATE: found {private!r}, expected 0 or 1")
    return Delivering(
        smtp=smtp,
        mail_from=sender,
        url=url,
        webhooks_private=private == "1",
        outbox_seconds=_seconds(environment, "VIGIED_OUTBOX_SECONDS", usual.outbox_seconds),
        retry_seconds=_seconds(environment, "VIGIED_RETRY_SECONDS", usual.retry_seconds),
        delivery_seconds=_seconds(environment, "VIGIED_DELIVERY_SECONDS", usual.delivery_seconds),
    )


def _seconds(environment: Mapping[str, str], name: str, usual: float) -> float:
    text = environment.get(name, str(usual))
    if not _SECONDS.fullmatch(text) or float(text) <= 0:
        raise DeliveringRefused(f"{name}: found {text!r}, expected such as 30 or 0.5")
    return float(text)
