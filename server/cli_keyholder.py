"""`vigied keyholder`: the commands of a key holder; the operator's on the roster are in `server.cli_roster`.

Every failure that a person can mend is one line on standard error. What the steps mean together is in
docs/keyholders.md.
"""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from server.cli_outcome import fail, listen

if TYPE_CHECKING:
    from server.keyholder_book import Admitted, HolderBook
    from server.keyholder_folder import HolderFolder

app = typer.Typer(help="A key holder of its own: keys, admissions, ceremonies.", no_args_is_help=True)

Cards = Annotated[list[Path], typer.Argument(help="the three holders' cards")]
Before = Annotated[
    Path | None, typer.Option("--roster", help="the roster in force, for a holder that does not have it")
]


@contextmanager
def _told() -> Iterator[None]:
    """What can be mended is one line."""
    from privacy.parts_ceremony import CeremonyRefused
    from privacy.roster import RosterRefused
    from server.keyholder_folder import FolderRefused
    from server.keys import KeysRefused

    try:
        yield
    except (FolderRefused, CeremonyRefused, RosterRefused, KeysRefused) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{error.filename or 'file'}: {error.strerror or type(error).__name__}")


def _folder() -> HolderFolder:
    from server.keyholder_folder import HolderFolder

    return HolderFolder.open(_place())


def _place() -> Path:
    return Path(os.environ.get("VIGIED_HOLDER", "holder"))


@contextmanager
def _book(folder: HolderFolder) -> Iterator[HolderBook]:
    from server.keyholder_book import HolderBook

    book = HolderBook(folder.path / "book.sqlite3")
    try:
        yield book
    finally:
        book.close()


def _write(name: str, content: bytes) -> None:
    Path(name).write_bytes(content)
    print(f"wrote {name}")


# ---- the holder and its ceremonies


@app.command()
def init(
    number: Annotated[int, typer.Option(help="1, 2 or 3: agreed with the other holders")],
    name: Annotated[str, typer.Option(help="as members read it")],
    url: Annotated[str, typer.Option(help="where members ask: https://holder.example/api/holder")],
) -> None:
    """Make a holder's folder (VIGIED_HOLDER) with a signing key of its own."""
    from server.keyholder_folder import HolderFolder

    with _told():
        made = HolderFolder.make(_place(), number, name, url)
        print(f"holder {made.number}, key {made.public.hex()}")


@app.command()
def pin(
    release_key: Annotated[str, typer.Argument(help="the network's release key, as GET /api/network has it")],
) -> None:
    """Witness this network's manifests from now on: each that extends the one signed before, no other."""
    import base64
    import binascii

    from server import keyholder_witness
    from server.problems import Refused

    try:
        key = base64.b64decode(release_key, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        fail("expected 32 bytes in base64")
    with _told():
        try:
            keyholder_witness.pin(_folder().path, key)
        except Refused as refused:
            fail(refused.detail)
    print("this holder witnesses the network's manifests")


@app.command()
def card() -> None:
    """Begin a ceremony: write card-N.json for the others, and say what to compare by another channel."""
    from privacy.parts_ceremony import fingerprint
    from server import keyholder_ceremony

    with _told():
        folder = _folder()
        made = keyholder_ceremony.card(folder)
        _write(f"card-{folder.number}.json", made)
        print(f"read to the others: {fingerprint(made)}")


def _begin(kind: str, cards: list[Path], before: Path | None) -> None:
    from privacy.parts_ceremony import fingerprint
    from server import keyholder_ceremony
    from server.keyholder_folder import read_signed

    with _told():
        folder = _folder()
        known = read_signed(before) if before else None
        papers = [path.read_bytes() for path in cards]
        package = keyholder_ceremony.begin(folder, kind, papers, known)
        for path, paper in zip(cards, papers, strict=True):
            print(f"{path.name}: {fingerprint(paper)}")
        if package is None:
            print("nothing to contribute here: wait for the packages")
        else:
            _write(f"package-{folder.number}.json", package)


@app.command()
def generate(cards: Cards, before: Before = None) -> None:
    """Make a key without a dealer: a first one, or a fresh one that everybody uploads again under."""
    _begin("generate", cards, before)


@app.command()
def refresh(cards: Cards, before: Before = None) -> None:
    """Change every part and not the key; a card of a new holder gets its predecessor's place."""
    _begin("refresh", cards, before)


@app.command()
def split(
    cards: Cards,
    before: Before = None,
    dealer: Annotated[
        bool, typer.Option(help="at the operator's: deal the parts of its single key (VIGIED_KEYS)")
    ] = False,
) -> None:
    """Turn a single holder's key into three parts. Whoever had it may have kept it: the roster says dealt."""
    if not dealer:
        _begin("split", cards, before)
        return
    from server import keyholder_ceremony, keys
    from server.keyholder_folder import read_signed
    from server.settings import Settings

    if before is None:
        fail("--roster: expected the roster in force (`vigied roster show`)")
    with _told():
        papers = [path.read_bytes() for path in cards]
        loaded = keys.load(Settings.from_environment().keys)
        _write("package-0.json", keyholder_ceremony.deal(loaded, papers, read_signed(before)))


@app.command()
def accept(packages: Annotated[list[Path], typer.Argument(help="everybody's packages")]) -> None:
    """Take what is sealed for this holder, check it, and sign the roster that follows from it."""
    from privacy import roster as rosters
    from server import keyholder_ceremony

    with _told():
        folder = _folder()
        signed = keyholder_ceremony.accept(folder, [path.read_bytes() for path in packages])
        epoch = rosters.read(signed.body).epoch
        _write(f"roster-{epoch}-signed-{folder.number}.json", rosters.to_text(signed).encode())


@app.command()
def install(papers: Annotated[list[Path], typer.Argument(help="the rosters that everybody signed")]) -> None:
    """Put a roster in force here, once everybody's signature is under it; write roster-EPOCH.json."""
    from privacy import roster as rosters
    from privacy.parts_ceremony import fingerprint
    from server import keyholder_ceremony
    from server.clock import Clock
    from server.keyholder_folder import read_signed

    with _told():
        folder = _folder()
        signed = keyholder_ceremony.merge([read_signed(path) for path in papers])
        found = folder.install(signed, Clock().unix())
        _write(f"roster-{found.epoch}.json", rosters.to_text(signed).encode())
        print(f"epoch {found.epoch} is in force here, fingerprint {fingerprint(signed.body)}")


# ---- its list and its log


@app.command()
def admit(  # noqa: PLR0917 - options
    firm: Annotated[str, typer.Argument(help="the firm's id, as `vigie holders --card` prints it")] = "",
    root: Annotated[str, typer.Argument(help="its root's public key, in hexadecimal")] = "",
    portfolio: Annotated[int, typer.Argument(help="how many clients it declares")] = 0,
    name: Annotated[str, typer.Option(help="for this holder's own list")] = "",
    since: Annotated[str, typer.Option(help="known since this day: when its first month began")] = "",
    until: Annotated[
        str, typer.Option(help="a candidate, that asks before it joins: up to this day, for so many clients")
    ] = "",
    file: Annotated[Path | None, typer.Option(help="CSV: firm, root, portfolio, name, since, until")] = None,
) -> None:
    """Admit a firm on this holder's own list, or change what it says of one."""
    with _told():
        if file is None:
            rows = [[firm, root, str(portfolio), name, since, until]]
        else:
            with file.open(encoding="utf-8", newline="") as text:
                rows = [row for row in csv.reader(text) if row]
        admitted = [_admitted(row, place) for place, row in enumerate(rows, 1)]
        with _book(_folder()) as book:
            book.admit(admitted)
        print(f"{len(admitted)} admitted")


def _admitted(row: list[str], place: int) -> Admitted:
    from datetime import date

    from server.clock import Clock
    from server.keyholder_book import Admitted
    from server.keyholder_request import PORTFOLIO_MAX

    firm, root, portfolio, name, since, until = [*row, "", "", "", "", "", ""][:6]
    try:
        found = Admitted(
            UUID(firm),
            name or firm,
            bytes.fromhex(root),
            int(portfolio),
            date.fromisoformat(since) if since else Clock().today(),
            date.fromisoformat(until) if until else None,
        )
    except ValueError as error:
        fail(f"row {place}: {error}")
    if len(found.root_public) != 32 or not 1 <= found.declared_portfolio <= PORTFOLIO_MAX:
        fail(f"row {place}: expected a root key of 32 bytes and a portfolio of 1 to {PORTFOLIO_MAX}")
    return found


@app.command()
def expel(firm: Annotated[str, typer.Argument(help="the firm's id")]) -> None:
    """Evaluate nothing for a firm any more."""
    with _told(), _book(_folder()) as book:
        if not book.expel(_uuid(firm)):
            fail("this firm is not on the list")
        print("expelled")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        fail(f"found {text!r}, expected a firm's id")


@app.command()
def revoke(device: Annotated[str, typer.Argument(help="the device's public key, in hexadecimal")]) -> None:
    """Refuse a device that was lost: its delegation alone would let it ask until it expires."""
    try:
        key = bytes.fromhex(device)
    except ValueError:
        fail("expected a public key in hexadecimal")
    with _told(), _book(_folder()) as book:
        book.refuse_device(key)
        print("refused from now on")


@app.command()
def status() -> None:
    """Who this holder is, the epochs that it serves, and what each firm has asked under the key in force."""
    from privacy.parts_ceremony import fingerprint
    from server.clock import Clock

    with _told():
        folder, clock = _folder(), Clock()
        served = folder.served(clock.unix())
        newest = served[max(served)].roster
        print(f"holder {folder.number} ({folder.name}), key {folder.public.hex()}")
        print(
            f"epochs {', '.join(map(str, sorted(served)))}; {'dealt' if newest.dealt else 'without a dealer'}"
        )
        print(f"roster {fingerprint(newest.body())}")
        with _book(folder) as book:
            for firm, used, allowed in book.firms(newest.key_id, clock.today()):
                print(f"{firm.firm}  {used} of {allowed}  {firm.name}")


@app.command()
def log(check: Annotated[bool, typer.Option("--check", help="verify the chain")] = False) -> None:
    """Print the log of evaluations as CSV; with --check, whether every entry follows and is signed."""
    from server.keyholder_book import broken_at

    with _told():
        folder = _folder()
        with _book(folder) as book:
            entries = book.log()
        if check:
            broken = broken_at(entries, folder.public)
            if broken is not None:
                fail(f"entry {broken} does not follow from the one before it, or is not signed")
            print(f"{len(entries)} entries follow")
            return
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(["sequence", "day", "firm", "evaluations", "digest", "signature"])
        for one in entries:
            told = [one.sequence, one.day, one.firm, one.evaluations, one.digest.hex(), one.signature.hex()]
            writer.writerow(told)


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="0: a free one", envvar="PORT")] = 0,
    host: Annotated[str, typer.Option(envvar="VIGIED_HOST")] = "127.0.0.1",
    cap: Annotated[int, typer.Option(help="evaluations for all firms together, per key")] = 20_000_000,
) -> None:
    """Serve evaluations to the firms on this holder's list."""
    import asyncio

    from server.keyholder import RunningHolder, create_app
    from server.keyholder_book import HolderBook
    from server.serving import run

    with _told():
        folder = _folder()
        holder = RunningHolder(folder, HolderBook(folder.path / "book.sqlite3", cap))
        holder.served()
    asyncio.run(run(create_app(holder), listen(host, port)))
    holder.book.close()
