"""One message to one user, and how it reaches an SMTP server. It holds counts and a link, and no client.

Knows: the address, the counts, the server's settings. Which user wants what, and when, is decided elsewhere.

Headers that matter: Message-ID made from the message's own id, so that a repeat is recognised;
List-Unsubscribe with List-Unsubscribe-Post (RFC 8058: one click, which the receiver's program sends by POST,
so that looking at the link stops nothing); Auto-Submitted (RFC 3834), so that no absence note comes back.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from typing import Final
from urllib.parse import unquote, urlsplit
from uuid import UUID

SCHEMES: Final = {"smtps": 465, "smtp": 587, "smtp+plain": 25}

# counts -> one and many, in English and French
_COUNTED: Final[dict[str, tuple[tuple[str, str], tuple[str, str]]]] = {
    "urgent": (("urgent alert", "urgent alerts"), ("alerte urgente", "alertes urgentes")),
    "act": (("alert to act on", "alerts to act on"), ("alerte à traiter", "alertes à traiter")),
    "watch": (("alert to watch", "alerts to watch"), ("alerte à surveiller", "alertes à surveiller")),
    "info": (("piece of information", "pieces of information"), ("information", "informations")),
    "assigned": (
        ("alert assigned to you", "alerts assigned to you"),
        ("alerte vous est confiée", "alertes vous sont confiées"),
    ),
    "woken": (
        ("alert put aside is back", "alerts put aside are back"),
        ("alerte mise de côté revient", "alertes mises de côté reviennent"),
    ),
}
ORDER: Final = tuple(_COUNTED)


class SmtpRefused(ValueError):
    """A setting that says no server; the text is for the operator."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """Where messages are handed over. `plain`: without TLS, for a relay on the same machine."""

    host: str
    port: int
    implicit_tls: bool
    plain: bool
    user: str = field(repr=False)
    password: str = field(repr=False)


def read_smtp(url: str) -> Smtp:
    """smtps://user:password@host (TLS), smtp:// (STARTTLS), smtp+plain:// (none). Raise SmtpRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SmtpRefused("expected such as smtps://user:password@mail.example.org") from None
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query:
        raise SmtpRefused(
            "expected smtps://, smtp:// or smtp+plain:// with a host, such as smtp://mail.example.org"
        )
    return Smtp(
        parts.hostname,
        port or SCHEMES[parts.scheme],
        implicit_tls=parts.scheme == "smtps",
        plain=parts.scheme == "smtp+plain",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """What one message is made of. `unsubscribe`: the address for one click; `link`: where to read."""

    id: UUID
    to: str
    language: str
    counts: Mapping[str, int]
    network: str
    link: str
    settings_link: str
    unsubscribe: str
    sender: str
    written_at: datetime


def counted(counts: Mapping[str, int], language: str) -> list[str]:
    """Each count with its words, gravest first."""
    at = 1 if language == "fr" else 0
    lines = []
    for name in ORDER:
        number = counts.get(name, 0)
        if number:
            one, many = _COUNTED[name][at]
            lines.append(f"{number} {one if number == 1 else many}")
    return lines


def compose(letter: Letter) -> EmailMessage:
    """The message. It names neither client nor figure."""
    french = letter.language == "fr"
    lines = counted(letter.counts, letter.language)
    message = EmailMessage()
    domain = letter.sender.rpartition("@")[2].rstrip(">") or "vigie.invalid"
    message["From"] = letter.sender
    message["To"] = letter.to
    message["Subject"] = f"{letter.network}{' : ' if french else ': '}{', '.join(lines)}"
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = f"<{letter.id}@{domain}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    bullets = "\n".join(f"  - {line}" for line in lines)
    if french:
        text = (
            f"Bonjour,\n\nDu nouveau sur vos clients :\n\n{bullets}\n\nÀ lire ici :\n{letter.link}\n\n"
            "Ce message ne nomme aucun client : les noms ne se lisent que chez vous.\n\n"
            f"Choisir ce qui vous est envoyé, et quand :\n{letter.settings_link}\n"
            f"Ne plus rien recevoir :\n{letter.unsubscribe}\n"
        )
    else:
        text = (
            f"Hello,\n\nThere is news on your clients:\n\n{bullets}\n\nRead it here:\n{letter.link}\n\n"
            "This message names no client: names are read on your side alone.\n\n"
            f"Choose what is sent to you, and when:\n{letter.settings_link}\n"
            f"Receive nothing any more:\n{letter.unsubscribe}\n"
        )
    message.set_content(text)
    return message


class Outcome(StrEnum):
    """What became of one attempt."""

    SENT = "sent"
    LATER = "later"
    NEVER = "never"


def hand_over(smtp: Smtp, message: EmailMessage, seconds: float) -> tuple[Outcome, str]:
    """One attempt, in a thread of its own; the outcome, and the problem in a few words without addresses."""
    try:
        with _connect(smtp, seconds) as server:
            if not smtp.implicit_tls and not smtp.plain:
                server.starttls(context=ssl.create_default_context())
            if smtp.user:
                server.login(smtp.user, smtp.password)
            server.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        codes = {code for code, _ in error.recipients.values()}
        return (Outcome.NEVER if min(codes) >= 500 else Outcome.LATER), f"recipient refused ({min(codes)})"
    except smtplib.SMTPResponseException as error:
        # What a server says of log-in or sender is the operator's to mend: tried again.
        final = isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500
        return (Outcome.NEVER if final else Outcome.LATER), f"{type(error).__name__} ({error.smtp_code})"
    except (smtplib.SMTPException, OSError) as error:
        return Outcome.LATER, type(error).__name__
    return Outcome.SENT, ""


def _connect(smtp: Smtp, seconds: float) -> smtplib.SMTP:
    if smtp.implicit_tls:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(smtp.host, smtp.port, timeout=seconds, context=context)
    return smtplib.SMTP(smtp.host, smtp.port, timeout=seconds)
