"""Commands about who is in the firm: keys, key-certify, key-remove, password, pair."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, TypeVar
from uuid import UUID

import typer

from member.cli_frame import Lang, Place, answering, language, open_member, secret
from member.cli_texts import told

if TYPE_CHECKING:
    from member.talk_turning import Turned

WAIT_SECONDS = 600
LOOK_SECONDS = 1.0
T = TypeVar("T")


def keys(home: Place = None, lang: Lang = "") -> None:
    """The firm's chain of keys, verified; offers this device's key, and takes up keys that were rolled.

    Shows this device's fingerprint: read it to an administrator, who certifies it with key-certify.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member import keyring, rights, rolling

        member = open_member(home, chosen, leaving)
        ring = keyring.read(member)
        count = len(ring.keyring.subjects)
        print(told("keys-generation", chosen, n=ring.keyring.generation, count=count))
        for subject, (role, _) in ring.keyring.subjects.items():
            print(f"  {UUID(bytes=subject)}  {role.name.lower()}")
        if member.root is not None and ring.answer.offered:
            print(told("keys-offered", chosen))
            for one in ring.answer.offered:
                print(f"  {one.subject_id}  {one.label or one.role}")
        if keyring.take_up(member):
            print(told("keys-taken", chosen))
        if rights.take_rights(member):
            print(told("rights-taken", chosen))
        if member.root is not None:
            _tell_not_turned(rolling.finish(member), chosen)
        if member.device_id.bytes not in ring.keyring.subjects:
            print(told("key-fingerprint", chosen, found=keyring.offer(member)))


def key_certify(
    subject: Annotated[UUID, typer.Argument(help="the user's or device's id, from `vigie keys`")],
    role: Annotated[
        str,
        typer.Option(
            help="administrator, credit_manager, analyst, sales, auditor, attended or unattended (devices)"
        ),
    ],
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Certify a key whose fingerprint you were read, by telephone or in person (VIGIE_FINGERPRINT)."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member import keyring
        from privacy.keyring import Role

        if role.upper() not in Role.__members__:
            raise typer.BadParameter(role)
        member = open_member(home, chosen, leaving)
        typed = secret("ask-fingerprint", "VIGIE_FINGERPRINT", chosen)
        keyring.certify(member, subject, typed, Role[role.upper()])
        print(told("key-certified", chosen, role=role))


def key_remove(
    subject: Annotated[UUID, typer.Argument(help="the user's or device's id, from `vigie keys`")],
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Somebody left, or a device is lost: shut it out and roll every key that it held."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member import rolling

        member = open_member(home, chosen, leaving)
        password = secret("ask-password", "VIGIE_PASSWORD", chosen)
        done = rolling.remove(member, subject, password)
        print(told("key-removed", chosen, given=done.given, turned=done.turned.anew))
        _tell_not_turned(done.turned, chosen)


def _tell_not_turned(turned: Turned, lang: str) -> None:
    if turned.resealed or turned.untouched:
        counts = {"resealed": len(turned.resealed), "untouched": len(turned.untouched)}
        print(told("key-removed-not-turned", lang, **counts))


def password(home: Place = None, lang: Lang = "") -> None:
    """Change your own password (VIGIE_PASSWORD, VIGIE_NEXT_PASSWORD): your keys are wrapped again."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.enrol import Person
        from member.own_secrets import change_password

        member = open_member(home, chosen, leaving)
        person = Person(member.identity.email or "", secret("ask-password", "VIGIE_PASSWORD", chosen))
        fresh = secret("ask-next-password", "VIGIE_NEXT_PASSWORD", chosen, twice=True)
        change_password(member.network, person, member.account_key, fresh)
        print(told("password-changed", chosen))


def pair(
    address: Annotated[str, typer.Argument(help="at the second device: the network's address")] = "",
    email: Annotated[str, typer.Option(help="at the second device: your e-mail")] = "",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Give a second device your account key: run it there with ADDRESS and --email, and here without."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.enrol import person_session
        from member.keys import account_key_text
        from member.network import Network
        from member.pairing import FirstDevice, SecondDevice

        if address:
            network = Network(address, lang=chosen)
            leaving.callback(network.close)
            second = SecondDevice(network, email.strip().lower())
            second.begin()
            print(told("pair-wait", chosen))
            print(told("pair-code", chosen, code=_await(second.code)))
            print(f"  {told('account-key', chosen)}: {account_key_text(_await(second.account_key))}")
            return
        member = open_member(home, chosen, leaving)
        session = person_session(member, secret("ask-password", "VIGIE_PASSWORD", chosen))
        first = FirstDevice(session, member.identity.email or "", member.account_key)
        print(told("pair-wait", chosen))
        _await(lambda: first.answer() or None)
        _await(first.code)
        first.hand_over(secret("ask-pair-code", "VIGIE_PAIR_CODE", chosen))
        print(told("pair-given", chosen))


def _await(look: Callable[[], T | None]) -> T:
    from member.refusals import InputRefused

    until = time.monotonic() + WAIT_SECONDS
    while (found := look()) is None:
        if time.monotonic() > until:
            raise InputRefused("pairing-code")
        time.sleep(LOOK_SECONDS)
    return found


COMMANDS = (
    ("keys", keys),
    ("key-certify", key_certify),
    ("key-remove", key_remove),
    ("password", password),
    ("pair", pair),
)
