"""Commands about keys and devices: enrol, login, device-add, user-add, recover, wipe."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_frame import (
    Lang,
    Place,
    answering,
    language,
    new_passphrase,
    open_member,
    person_at,
    secret,
)
from member.cli_texts import told

if TYPE_CHECKING:
    from member.keystore import Member
    from member.network import Network

NoPassphrase = Annotated[
    bool, typer.Option("--no-passphrase", help="rely on the file's permissions alone, and do not ask")
]


def enrol(
    where: Annotated[
        str, typer.Argument(help="the network's address; with --unattended: the invitation file")
    ],
    invitation: Annotated[str, typer.Argument(help="the invitation that the operator gave the firm")] = "",
    email: Annotated[str, typer.Option(help="the first administrator's e-mail")] = "",
    unattended: Annotated[
        bool, typer.Option("--unattended", help="make this machine a push-only device (see device-add)")
    ] = False,
    kit: Annotated[
        Path | None, typer.Option(help="write account key and recovery kit there instead of showing them")
    ] = None,
    no_passphrase: NoPassphrase = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Enrol a firm with the operator's invitation, or this machine as a push-only device.

    Makes the firm's root key and this device's key, pins the network's keys, and shows the account key and
    the recovery kit once. Secrets are asked for, or taken from VIGIE_PASSWORD and VIGIE_PASSPHRASE.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.network import Network

        place = _free_home(home)
        if unattended:
            member = _take_device(Path(where), place, chosen, wanted=not no_passphrase)
            leaving.callback(member.close)
            return
        if not invitation or not email:
            raise typer.BadParameter("expected: ADDRESS INVITATION --email E-MAIL")
        network = Network(where, lang=chosen)
        leaving.callback(network.close)
        member = _enrol_firm(network, invitation, email, place, kit, chosen, wanted=not no_passphrase)
        leaving.callback(member.close)


def _free_home(home: Path | None) -> Path:
    from member.home import default_home

    return home or default_home()


def _take_device(file: Path, place: Path, lang: str, *, wanted: bool) -> Member:
    from member.device_invitation import read_code, take_device

    code = read_code(secret("ask-code", "VIGIE_DEVICE_CODE", lang))
    # Nobody is there to type a passphrase later: only one from the environment is used.
    passphrase = os.environ.get("VIGIE_PASSPHRASE") or None if wanted else None
    member = take_device(file, code, place, passphrase)
    _say_enrolled(member, place, lang)
    print(told("unattended", lang))
    if passphrase is None:
        print(told("no-passphrase", lang, home=place))
    return member


def _enrol_firm(
    network: Network,
    invitation: str,
    email: str,
    place: Path,
    kit: Path | None,
    lang: str,
    *,
    wanted: bool,
) -> Member:
    from member.enrol import enrol as enrol_firm
    from member.refusals import InputRefused

    if kit is not None and kit.exists():
        raise InputRefused("file-exists", path=kit)
    password = secret("ask-password", "VIGIE_PASSWORD", lang, twice=True)
    passphrase = new_passphrase(lang, wanted=wanted)
    member = enrol_firm(network, invitation, email, password, place, passphrase=passphrase)
    _say_enrolled(member, place, lang)
    if passphrase is None:
        print(told("no-passphrase", lang, home=place))
    _show_once(member, kit, lang)
    return member


def _say_enrolled(member: Member, place: Path, lang: str) -> None:
    if not member.pins.real:
        print(told("not-real", lang, kind=member.pins.kind, name=member.pins.name), file=sys.stderr)
    print(told("enrolled", lang, name=member.pins.name, device=member.device_id, home=place))


def _show_once(member: Member, kit: Path | None, lang: str) -> None:
    from member.home import write_file
    from member.keys import account_key_text, recovery_kit_text

    assert member.recovery_kit is not None
    lines = [
        told("shown-once", lang, email=member.identity.email),
        f"  {told('account-key', lang)}: {account_key_text(member.account_key)}",
        f"  {told('recovery-kit', lang)}: {recovery_kit_text(member.recovery_kit)}",
        f"  {told('firm-id', lang)}: {member.firm_id} · {member.pins.url}",
    ]
    if kit is None:
        print("\n".join(lines))
        return
    head = f"{member.pins.name}\n"
    write_file(kit.resolve(), (head + "\n".join(lines) + "\n").encode())
    print(told("kit-written", lang, path=kit))


def login(
    address: Annotated[str, typer.Argument(help="the network's address")],
    email: Annotated[str, typer.Option(help="your e-mail")],
    no_passphrase: NoPassphrase = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Make this machine a further device of yours: e-mail, password and account key.

    They are asked for, or taken from VIGIE_PASSWORD, VIGIE_ACCOUNT_KEY and, with a second factor, VIGIE_CODE.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.enrol import log_in

        place = _free_home(home)
        network, account_key, person = person_at(address, email, chosen, leaving)
        passphrase = new_passphrase(chosen, wanted=not no_passphrase)
        member = log_in(network, person, account_key, place, passphrase)
        print(told("logged-in", chosen, email=person.email, name=member.pins.name, home=place))
        if passphrase is None:
            print(told("no-passphrase", chosen, home=place))


def device_add(
    file: Annotated[Path, typer.Argument(help="where to write the device's invitation")] = Path(
        "device.vigie"
    ),
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Invite a push-only machine: writes an invitation file and shows the code that opens it.

    The machine can ask for pseudonyms, send months and keep the client book; it holds neither the firm's
    root key nor an account key. Asks for the administrator's password (VIGIE_PASSWORD).
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.device_invitation import invite_device
        from member.home import write_file
        from member.keys import device_code_text
        from member.refusals import InputRefused

        if file.exists():
            raise InputRefused("file-exists", path=file)
        member = open_member(home, chosen, leaving)
        member.check_network()
        content, code = invite_device(member, secret("ask-password", "VIGIE_PASSWORD", chosen))
        write_file(file.resolve(), content)
        print(told("device-written", chosen, path=file, file=file.name))
        print(f"  {device_code_text(code)}")


def user_add(
    email: Annotated[str, typer.Argument(help="the colleague's e-mail")],
    role: Annotated[
        str, typer.Option(help="administrator, credit_manager, analyst, sales or auditor")
    ] = "credit_manager",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Add a colleague: shows a first password and an account key, once."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.keys import account_key_text
        from member.people import add_user

        member = open_member(home, chosen, leaving)
        member.check_network()
        added = add_user(member, secret("ask-password", "VIGIE_PASSWORD", chosen), email, role)
        print(told("user-added", chosen, email=added.email, role=added.role))
        print(f"  {told('password', chosen)}: {added.password}")
        print(f"  {told('account-key', chosen)}: {account_key_text(added.account_key)}")


def recover(
    address: Annotated[
        str, typer.Argument(help="the network's address, where no device or password is left")
    ] = "",
    firm: Annotated[str, typer.Option(help="the firm's id, printed with the recovery kit")] = "",
    email: Annotated[str, typer.Option(help="the new administrator's e-mail; it may be the old one")] = "",
    keep_others: Annotated[
        bool, typer.Option("--keep-others", help="leave other users, devices and the keys as they are")
    ] = False,
    home: Place = None,
    no_passphrase: NoPassphrase = False,
    lang: Lang = "",
) -> None:
    """Come back with the firm's recovery kit (VIGIE_RECOVERY_KIT).

    Alone: opens a home whose passphrase is forgotten. With ADDRESS, --firm and --email: a firm that lost
    every device and password gets a new administrator, on this machine; all others end, and the
    book is sealed under new keys. The same command again is safe.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.recovery import read_kit
        from member.recovery import recover as recover_home

        place = _free_home(home)
        if address:
            _come_back(
                address, firm, email, place, chosen, leaving, keep=keep_others, wanted=not no_passphrase
            )
            return
        kit = read_kit(secret("ask-kit", "VIGIE_RECOVERY_KIT", chosen))
        passphrase = new_passphrase(chosen, wanted=not no_passphrase)
        identity = recover_home(place, kit, passphrase)
        print(told("recovered", chosen, home=place))
        if identity.role_keys.earlier:
            _finish_roll(place, passphrase, chosen, leaving)


def _come_back(
    address: str,
    firm: str,
    email: str,
    place: Path,
    lang: str,
    leaving: ExitStack,
    *,
    keep: bool,
    wanted: bool,
) -> None:
    from uuid import UUID

    from member.comeback import come_back
    from member.enrol import Person
    from member.keys import account_key_text
    from member.network import Network
    from member.recovery import read_kit
    from member.refusals import InputRefused

    if not firm or not email:
        raise typer.BadParameter("expected: ADDRESS --firm ID --email E-MAIL")
    try:
        firm_id = UUID(firm.strip())
    except ValueError:
        raise InputRefused("firm-id", found=firm) from None
    network = Network(address, lang=lang)
    leaving.callback(network.close)
    kit = read_kit(secret("ask-kit", "VIGIE_RECOVERY_KIT", lang))
    password = secret("ask-password", "VIGIE_PASSWORD", lang, twice=True)
    passphrase = new_passphrase(lang, wanted=wanted)
    person = Person(email.strip().lower(), password)
    back = come_back(network, firm_id, kit, person, place, passphrase, keep_others=keep)
    said = "came-back-beside" if keep else "came-back"
    print(told(said, lang, name=back.firm_name, users=back.users_ended, devices=back.devices_ended))
    print(told("shown-once-account", lang, email=person.email))
    print(f"  {told('account-key', lang)}: {account_key_text(back.account_key)}")
    if passphrase is None:
        print(told("no-passphrase", lang, home=place))


def _finish_roll(place: Path, passphrase: str | None, lang: str, leaving: ExitStack) -> None:
    """A comeback that ended before the book was sealed again."""
    from member.comeback import finish_roll
    from member.keystore import Member

    member = Member.load(place, passphrase, lang=lang)
    leaving.callback(member.close)
    if finish_roll(member):
        print(told("roll-finished", lang))


def wipe(
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Delete this device's keys and its copy of the book from this machine."""
    chosen = language(lang)
    with answering(chosen):
        from member.home import Home

        place = Home(_free_home(home))
        marks = place.marks()
        if not yes and not typer.confirm(told("wipe-sure", chosen, home=place.path)):
            raise typer.Exit(0)
        place.wipe()
        print(told("wiped", chosen, home=place.path, device=marks.device_id or "?"))
