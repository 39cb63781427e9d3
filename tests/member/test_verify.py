"""What an operator does behind its members' backs is found by `vigie verify`, on a real network.

The server's database is changed beside it, as whoever holds the database and the network's keys could.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from benchmark.upload import month_text
from member.answers import Receipt
from member.cli import app
from member.cli_verify import grouped, report_json
from member.enrol import enrol
from member.peers_view import read_view, write_view
from member.portfolio import read_portfolio
from member.push import push
from member.receipts import payload
from member.refusals import Untrusted
from member.releases import read_published
from member.verify import prove_new, verify
from privacy import manifest as manifests
from privacy import signing
from privacy.disclosure import CELL_DTYPE
from tests.member.conftest import (
    PASSWORD,
    Firms,
    client,
    ledger,
    lived_through,
    rewriting,
    transport_of,
)
from tests.server.kit import b64

if TYPE_CHECKING:
    from member.keystore import Member
    from tests.conftest import Launcher, RunningServer

SHARED = [1, 2, 3]
HOMES = 4


class Played:
    """Six firms that have lived through two releases; four of them keep a home."""

    def __init__(self, firms: Firms) -> None:
        self.firms = firms
        members = [firms.firm(f"Firm {at} (fictional)", home=at < HOMES) for at in range(6)]
        self.members = members
        self.victim, self.peer = members[:2]
        self.dropped = {"before the release": members[2], "after it": members[3]}
        self.month = lived_through(firms, members, SHARED)

    @property
    def server(self) -> RunningServer:
        return self.firms.server

    def database(self) -> sqlite3.Connection:
        path = self.server.database_url.removeprefix("sqlite:///")
        return sqlite3.connect(path, timeout=30, isolation_level=None)

    @contextmanager
    def changed(self, **columns: Callable[[bytes], bytes]) -> Iterator[None]:
        """Columns of the newest release are others for a while."""
        before = {name: self.column(name) for name in columns}
        self._write({name: change(before[name]) for name, change in columns.items()})
        try:
            yield
        finally:
            self._write(before)

    def column(self, name: str) -> bytes:
        """Of the newest release."""
        with closing(self.database()) as database:
            query = f"SELECT {name} FROM release WHERE month = ?"
            return bytes(database.execute(query, (self.month,)).fetchone()[0])

    def _write(self, columns: dict[str, bytes]) -> None:
        with closing(self.database()) as database:
            for name, value in columns.items():
                database.execute(f"UPDATE release SET {name} = ? WHERE month = ?", (value, self.month))
        if "cells" in columns:
            self.server.restart()  # it keeps them in memory

    def signature(self, manifest: bytes) -> bytes:
        """The operator has its own key."""
        key = signing.from_seed((self.server.keys / "release-signing.key").read_bytes())
        return signing.sign(key, manifests.PURPOSE, manifest)

    @contextmanager
    def forked(self, *, witnessed: bool = False) -> Iterator[None]:
        """The newest manifest is another one, signed by the operator; trees and cells are the same.

        `witnessed`: the operator is its own witness, and signs as that too.
        """
        other = _other(self.column("header"))
        word = self._word() if witnessed else None
        with self.changed(header=lambda _: other, signature=lambda _: self.signature(other)):
            if word is not None:
                key = signing.from_seed((self.server.keys / "holder-signing.key").read_bytes())
                self._put_word(signing.sign(key, "witness", other))
            yield
        if word is not None:
            self._put_word(word)

    def _word(self) -> bytes:
        with closing(self.database()) as database:
            query = "SELECT signature FROM countersignature WHERE month = ?"
            return bytes(database.execute(query, (self.month,)).fetchone()[0])

    def _put_word(self, signature: bytes) -> None:
        with closing(self.database()) as database:
            query = "UPDATE countersignature SET signature = ? WHERE month = ?"
            database.execute(query, (signature, self.month))


def _other(header: bytes) -> bytes:
    one = manifests.read(header)
    return manifests.encode(msgspec.structs.replace(one, published_on="2026-03-13"))


@pytest.fixture(scope="module")
def played(launch_for_module: Launcher, tmp_path_factory) -> Iterator[Played]:
    firms = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    yield Played(firms)
    firms.close()


def again(played: Played, member: Member) -> Member:
    """The same device in another process."""
    return played.firms.again(member)[0]


def codes(report) -> dict[str, dict[str, Any]]:
    return {one.code: dict(one.values) for one in report.grave}


def test_an_honest_network_is_verified_to_the_last_cell_and_receipt(played: Played) -> None:
    for member in (played.victim, played.peer):
        device = again(played, member)
        report = verify(device)
        assert report.verdict == "verified"
        assert (report.witnesses, report.embedded) == (1, True)
        assert list(report.fingerprints) == [month_text(played.month - 1), month_text(played.month)]
        sent = len(device.session.receipts())
        assert report.receipts > sent, "each once, and current ones in the second manifest again"
        assert report.waiting == 0
        assert (report.cells, report.cell_months) == (2 * len(SHARED), 2)


def test_a_tampered_cell_is_found_and_named(played: Played) -> None:
    member = again(played, played.victim)

    def change(cells: bytes) -> bytes:
        rows = np.frombuffer(cells, CELL_DTYPE).copy()
        rows["days_late"][0] += 9
        return rows.tobytes()

    read_portfolio(member)
    with played.changed(cells=change):
        report = verify(again(played, played.victim))
        assert set(codes(report)) == {"cell-unproven"}
        found = codes(report)["cell-unproven"]
        assert found["month"] == month_text(played.month)
        assert found["client"] in {client(number).name for number in SHARED}
        assert report.verdict == "untrusted"
        with pytest.raises(Untrusted) as refused:
            read_portfolio(again(played, played.victim))  # quietly, whenever new figures are read
        assert refused.value.code == "cell-unproven"
    read_portfolio(again(played, played.victim))


def test_a_manifest_rewritten_later_is_found_and_both_are_kept_as_proof(played: Played) -> None:
    verify(again(played, played.victim))
    with played.forked():
        member = again(played, played.victim)
        report = verify(member)
        found = codes(report)["history-rewritten"]
        assert found["month"] == month_text(played.month)
        assert found["kept"] != found["shown"]
        assert member.home is not None
        chains = [
            json.loads((member.home.path / name).read_bytes())
            for name in ("manifests.json", "manifests-forked.json")
        ]
        release_key = member.pins.release_key
        for chain in chains:
            signed = msgspec.convert(chain[-1], type=dict[str, Any])
            manifest, signature = (msgspec.convert(signed[name], bytes) for name in ("manifest", "signature"))
            assert signing.verify(release_key, manifests.PURPOSE, manifest, signature)
        with pytest.raises(Untrusted) as refused:
            read_portfolio(again(played, played.victim))
        assert refused.value.code == "release-forked"
    assert verify(again(played, played.victim)).grave == []


def test_two_views_shown_to_two_members_are_found_by_comparing_them(played: Played, tmp_path) -> None:
    honest = verify(again(played, played.victim))
    file, other = tmp_path / "victim.json", tmp_path / "peer.json"
    write_view(file, honest.listed)
    fingerprint = honest.fingerprints[month_text(played.month)]
    with played.forked(witnessed=True):
        # The peer has kept nothing of this month yet, and the only witness is the operator's own.
        peer = again(played, played.peer)
        assert peer.home is not None
        (peer.home.path / "manifests.json").unlink(missing_ok=True)
        alone = verify(peer)
        assert alone.verdict == "verified", "by itself it cannot know: the docs say so"
        write_view(other, alone.listed)
        by_file = verify(peer, [read_view(str(file))])
        found = codes(by_file)["forked-views"]
        assert (found["month"], found["theirs"]) == (month_text(played.month), fingerprint)
        assert by_file.compared == 1, "the month before is the same"
        by_word = verify(peer, [read_view(grouped(fingerprint).upper())])
        assert "fingerprint-unknown" in codes(by_word)
        (peer.home.path / "manifests.json").unlink()
    report = verify(again(played, played.victim), [read_view(str(other)), read_view(fingerprint)])
    assert set(codes(report)) == {"forked-views"}
    assert report.compared == 2


def test_a_receipt_signed_anew_with_a_later_time_is_found(played: Played) -> None:
    """Else a dropped upload would wait for a later manifest, for ever."""
    member = again(played, played.victim)
    key = signing.from_seed((played.server.keys / "receipt.key").read_bytes())

    def later(receipts: list[dict[str, Any]]) -> None:
        for one in receipts:
            receipt = msgspec.convert(one | {"received_at": "2026-12-31T00:00:00Z"}, Receipt)
            one["received_at"] = receipt.received_at
            one["signature"] = b64(signing.sign(key, "receipt", payload(receipt)))

    transport_of(member).change = rewriting("GET /api/uploads", later)
    assert "receipt-changed" in codes(verify(member))


def test_a_view_that_the_witness_did_not_sign_is_found_without_a_peer(played: Played) -> None:
    with played.forked():
        peer = again(played, played.peer)
        assert peer.home is not None
        (peer.home.path / "manifests.json").unlink(missing_ok=True)
        assert set(codes(verify(peer))) == {"witness-forged", "witness-never"}
        (peer.home.path / "manifests.json").unlink()


def test_the_command_tells_the_verdict_in_words_and_by_its_exit_code(played: Played, tmp_path) -> None:
    view = tmp_path / "view.json"
    assert played.peer.home is not None

    def run(*arguments: str) -> tuple[int, str]:
        home = str(played.peer.home.path)
        ended = CliRunner().invoke(app, ["verify", "--home", home, *arguments])
        return ended.exit_code, ended.stdout

    code, said = run("--lang", "fr", "--write", str(view))
    assert code == 0, said
    assert "VÉRIFIÉ" in said
    assert "l'opérateur lui-même" in said
    assert "VERIFIED" in run("--lang", "en", "--against", str(view))[1]
    code, said = run("--against", "0" * 64, "--json")
    assert code == 6
    assert json.loads(said)["findings"][0]["code"] == "fingerprint-unknown"
    view.write_text("[]")
    code, said = run("--lang", "en", "--against", str(view))
    assert (code, "INCOMPLETE" in said) == (8, True)
    assert run("--against", "nowhere")[0] == 3


def test_a_push_only_device_of_a_firm_without_anything_yet_verifies_too(played: Played) -> None:
    network, _ = played.firms.network()
    invitation = played.server.admit("Push-only (fictional)", 10)
    place = played.firms.place()
    member = enrol(network, invitation, played.firms.email(), PASSWORD, place, unattended=True)
    played.firms.members.append(member)
    report = verify(member)
    assert (report.verdict, report.findings) == ("verified", [])
    assert (report.receipts, report.cells) == (0, 0)


@pytest.mark.parametrize("when", ["before the release", "after it"])
def test_a_dropped_upload_is_found_by_its_receipt(played: Played, when: str) -> None:
    own, month = played.dropped[when], played.month + 1
    member = again(played, own)
    after = month + 1
    played.server.set_today(date(after // 12, after % 12 + 1, 5))
    for one in played.members:
        if one is own or one not in played.dropped.values():
            push(member if one is own else one, ledger(SHARED, month))

    def drop() -> None:
        database = played.database()
        digest = member.book.digest_of(month)
        database.execute("DELETE FROM upload WHERE digest = ?", (digest,))
        database.close()

    if when == "before the release":
        drop()
    played.server.set_today(date(after // 12, after % 12 + 1, 12))
    played.server.release(month_text(month))
    played.month = month
    if when == "after it":
        assert "receipt-absent" not in codes(verify(again(played, played.victim)))
        drop()
    found = codes(verify(again(played, own)))
    assert found["receipt-absent"]["sent"] == month_text(month)
    assert found["receipt-absent"]["month"] == month_text(month)
    assert found["receipt-denied"]["sent"] == month_text(month)
    quiet = again(played, own)
    with pytest.raises(Untrusted) as refused:  # also when figures are read
        prove_new(quiet, read_published(quiet))
    assert refused.value.code == "receipt-denied"
    assert verify(again(played, played.victim)).grave == [], "nobody else's is missing"


def test_a_report_tells_programs_and_people_the_same(played: Played) -> None:
    report = verify(again(played, played.dropped["after it"]))
    for lang in ("fr", "en"):
        told = report_json(report, lang)
        assert told["verdict"] == "untrusted"
        assert len(told["findings"]) == len(report.findings)
        assert all(one["text"] and "{" not in one["text"] for one in told["findings"])
