"""A message names no client, carries what mail programs need, and reaches a real SMTP server or says why."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from server.mail import Letter, Outcome, Smtp, SmtpRefused, compose, counted, hand_over, read_smtp
from tests.server.outside import MailServer, running

LETTER = Letter(
    id=UUID(int=5),
    to="anna@firm.test",
    language="fr",
    counts={"urgent": 1, "watch": 3, "assigned": 2},
    network="Réseau d'essai",
    link="https://vigie.test/#/alerts",
    settings_link="https://vigie.test/#/settings",
    unsubscribe="https://vigie.test/api/unsubscribe/abc",
    sender="Vigie <vigie@operator.test>",
    written_at=datetime(2026, 11, 26, 9, 0, tzinfo=UTC),
)


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with running(MailServer()) as server:
        yield server


def plain(port: int) -> Smtp:
    return read_smtp(f"smtp+plain://127.0.0.1:{port}")


def test_a_message_says_how_many_and_where_in_both_languages() -> None:
    message = compose(LETTER)
    assert message["Subject"] == (
        "Réseau d'essai : 1 alerte urgente, 3 alertes à surveiller, 2 alertes vous sont confiées"
    )
    text = message.get_content()
    assert "https://vigie.test/#/alerts" in text
    assert "aucun client" in text
    assert counted({"act": 1, "info": 2, "woken": 1}, "en") == [
        "1 alert to act on",
        "2 pieces of information",
        "1 alert put aside is back",
    ]


def test_a_message_carries_its_own_id_and_one_click_unsubscribing() -> None:
    message = compose(LETTER)
    assert message["Message-ID"] == f"<{LETTER.id}@operator.test>"
    assert message["List-Unsubscribe"] == "<https://vigie.test/api/unsubscribe/abc>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Thu, 26 Nov 2026 09:00:00 +0000"
    assert compose(LETTER).as_bytes() == message.as_bytes()


def test_a_real_server_takes_it_as_it_is(mail: MailServer) -> None:
    assert hand_over(plain(mail.port), compose(LETTER), 60) == (Outcome.SENT, "")
    (got,) = mail.messages
    assert got["Subject"] == compose(LETTER)["Subject"]
    assert got.get_content().splitlines() == compose(LETTER).get_content().splitlines()


@pytest.mark.parametrize(
    ("mode", "outcome", "problem"),
    [("later", Outcome.LATER, "451"), ("never", Outcome.NEVER, "recipient refused (550)")],
)
def test_a_refusal_for_now_is_told_from_one_for_good(
    mail: MailServer, mode: str, outcome: Outcome, problem: str
) -> None:
    mail.mode = mode
    found, told = hand_over(plain(mail.port), compose(LETTER), 60)
    assert found is outcome
    assert problem in told
    assert "anna" not in told


def test_a_server_that_is_away_or_says_nothing_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert hand_over(plain(port), compose(LETTER), 0.2)[0] is Outcome.LATER
    assert hand_over(plain(port), compose(LETTER), 0.2)[0] is Outcome.LATER


def test_without_tls_nothing_is_said_unless_the_operator_chose_so(mail: MailServer) -> None:
    found, told = hand_over(read_smtp(f"smtp://127.0.0.1:{mail.port}"), compose(LETTER), 60)
    assert found is Outcome.LATER
    assert "SMTPNotSupported" in told
    assert mail.messages == []


def test_a_certificate_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*_certificate(tmp_path))
    server = MailServer()
    server.start(tls_context=context, require_starttls=True)
    try:
        found, told = hand_over(read_smtp(f"smtp://127.0.0.1:{server.port}"), compose(LETTER), 60)
    finally:
        server.stop()
    assert found is Outcome.LATER
    assert told == "SSLCertVerificationError"
    assert server.messages == []


def _certificate(folder: Path) -> tuple[Path, Path]:
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, None)
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, secret


def test_an_address_of_a_mail_server_says_how_to_speak_to_it_and_never_shows_its_password() -> None:
    smtp = read_smtp("smtps://vigie%40op:p%2Fw@mail.test")
    assert (smtp.host, smtp.port, smtp.implicit_tls, smtp.user, smtp.password) == (
        "mail.test",
        465,
        True,
        "vigie@op",
        "p/w",
    )
    assert "p/w" not in repr(smtp)
    assert read_smtp("smtp://mail.test").port == 587
    for wrong in ("mail.test", "http://mail.test", "smtp://", "smtp://h:port", "smtp://h/path"):
        with pytest.raises(SmtpRefused):
            read_smtp(wrong)


def test_a_held_message_is_let_go_with_its_thread() -> None:
    """The test's own server: a message that is held arrives, and its answer comes when it is let go."""
    server = MailServer(mode="hold")
    with running(server):
        done: list[Outcome] = []
        sender = threading.Thread(
            target=lambda: done.append(hand_over(plain(server.port), compose(LETTER), 60)[0])
        )
        sender.start()
        while not server.messages:
            assert sender.is_alive()
        assert not done
        server.let_go.set()
        sender.join(60)
    assert done == [Outcome.SENT]
