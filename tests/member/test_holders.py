"""Any two of three key holders suffice; who is down or cheats is named; a lowered threshold is refused."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest

from benchmark.upload import decode
from member.cli_holders import states
from member.cli_views import status_json
from member.enrol import enrol
from member.holders import Holders as Asking
from member.network import Network
from member.pseudonyms import pseudonyms_of
from member.push import push
from member.refusals import NetworkRefused, Unreachable, Untrusted
from member.rekey import rekey
from privacy import parts, signing
from privacy import roster as rosters
from privacy.evaluate import evaluate, generate_key, read_elements
from server.keyholder_folder import HolderFolder
from tests.conftest import RunningServer
from tests.forked import Nursery
from tests.member.conftest import HASTY, PASSWORD, Tampering, ledger, siren, transport_of
from tests.privacy.guessing import confirmed
from tests.server.holders import HolderProcess, Holders
from tests.server.kit import b64, unb64
from tests.server.networks import network_of, vigied

if TYPE_CHECKING:
    from member.keystore import Member


@dataclass
class Three:
    """A network, its three holders, and firms that all of them admitted."""

    server: RunningServer
    holders: Holders
    members: list[Member] = field(default_factory=list)

    def enrol(self) -> Member:
        network = Network(self.server.url, Tampering(), patience=HASTY)
        invitation = self.server.admit("Firm (fictional)", 200)
        member = enrol(network, invitation, f"p{len(self.members)}@firm.test", PASSWORD)
        self.members.append(member)
        return member

    def firm(self) -> Member:
        member = self.enrol()
        self.holders.admit(member.firm_id, member.root_public, 200)
        return member


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Three]:
    holders = Holders.make(tmp_path_factory.mktemp("holders"), nursery)
    holders.start()
    made = Three(network_of(holders, tmp_path_factory.mktemp("network")), holders)
    yield made
    for member in made.members:
        member.network.close()
    made.server.kill()
    holders.end()


def identifiers(count: int) -> list[str]:
    return [f"fr.siren:{siren(number)}" for number in range(count)]


def out(member: Member) -> list[str]:
    return [Asking(member).name(number) for number in sorted(member.holders_out)]


def test_the_server_of_such_a_network_holds_no_part_and_evaluates_nothing(three: Three) -> None:
    member = three.firm()
    assert not list(three.server.keys.glob("pseudonym.key"))
    assert (member.pins.construction, member.pins.threshold, member.pins.dealt) == ("three", 2, False)
    from member.holders import request

    with pytest.raises(NetworkRefused) as refused:
        member.network.evaluate("/api/holder", request(member, ["k"], bytes(32), 0, bytes(16)))
    assert refused.value.status == 404
    assert member.session.me().budget is None
    assert status_json(member)["budget"] is None


@pytest.mark.parametrize("killed", [1, 2, 3])
def test_a_push_works_whichever_holder_is_down_and_says_which(three: Three, killed: int) -> None:
    everybody = three.firm()
    expected = pseudonyms_of(everybody, identifiers(3))
    assert out(everybody) == []
    assert {one["state"] for one in states(everybody)} == {"agrees"}
    holder = three.holders.three[killed - 1]
    holder.kill()
    try:
        member = three.firm()
        assert [one["number"] for one in states(member) if one["state"] == "silent"] == [killed]
        assert push(member, ledger([0, 1, 2])).receipts
        assert out(member) == ([] if killed == 3 else [f"Holder {killed}"])  # the third was not needed
        assert all(isinstance(trouble, Unreachable) for trouble in member.holders_out.values())
        assert {one: member.book.clients[one].pseudonym for one in expected} == expected
    finally:
        holder.start()
        holder.wait()


def test_one_holder_alone_is_not_enough(three: Three) -> None:
    member = three.firm()
    silent = [one.url for one in member.pins.holders if one.number != 2]

    def drop(request: httpx.Request) -> None:
        if any(str(request.url).startswith(url) for url in silent):
            raise httpx.ConnectError("down", request=request)

    transport_of(member).before = drop
    with pytest.raises(Unreachable, match="Holder 1, Holder 3"):
        pseudonyms_of(member, identifiers(2))


def cheating(member: Member, number: int) -> None:
    """A holder that evaluates under a key of its own, and proves it well."""
    url = next(one.url for one in member.pins.holders if one.number == number)
    key = generate_key()

    def change(request: httpx.Request, status: int, _body: bytes) -> bytes | None:
        if str(request.url) != f"{url}/evaluations" or status >= 300:
            return None
        asked = read_elements(unb64(json.loads(request.content)["blinded"]))
        evaluated, proof = evaluate(key, asked)
        return msgspec.json.encode({"evaluated": evaluated, "proof": proof})

    transport_of(member).change = change


@pytest.mark.parametrize("cheat", [1, 2, 3])
def test_a_holder_that_cheats_is_named_and_the_other_two_serve(three: Three, cheat: int) -> None:
    expected = pseudonyms_of(three.firm(), identifiers(2))
    member = three.firm()
    cheating(member, cheat)
    found: dict[str, bytes] = {}
    for turn in range(3):  # each holder is the first asked once
        asking = Asking(member)
        values = asking.pseudonyms([one.encode() for one in identifiers(2)], turn)
        found |= dict(zip(identifiers(2), values, strict=True))
        assert found == expected
        for number, trouble in asking.out.items():
            assert number == cheat
            assert isinstance(trouble, Untrusted)
            assert f"Holder {cheat}" in trouble.tell("en")
            assert f"Holder {cheat}" in trouble.tell("fr")
    assert pseudonyms_of(member, identifiers(2)) == expected


def test_a_cheat_and_one_that_is_down_leave_nobody_and_the_cheat_is_named(three: Three) -> None:
    member = three.firm()
    cheating(member, 2)
    down = next(one.url for one in member.pins.holders if one.number == 3)

    def drop(request: httpx.Request) -> None:
        if str(request.url).startswith(down):
            raise httpx.ConnectError("down", request=request)

    transport_of(member).before = drop
    with pytest.raises(Untrusted, match="Holder 2"):
        pseudonyms_of(member, identifiers(2))


def test_a_firm_that_one_holder_has_not_admitted_is_served_by_the_other_two(three: Three) -> None:
    member = three.enrol()
    with pytest.raises(NetworkRefused) as refused:
        pseudonyms_of(member, identifiers(1))
    assert refused.value.code == "holder-unknown-firm"
    from server.clock import Clock
    from server.keyholder_book import Admitted, HolderBook

    for holder in three.holders.three[:2]:
        book = HolderBook(holder.folder / "book.sqlite3")
        book.admit([Admitted(member.firm_id, "Firm", member.root_public, 50, Clock().today())])
        book.close()
    assert len(pseudonyms_of(member, identifiers(1))) == 1
    assert out(member) in ([], ["Holder 3"])


def showing(member: Member, chain: list[rosters.SignedRoster]) -> None:
    """The network as it would show another chain of rosters, its facts in accord with the last one."""
    newest = rosters.read(chain[-1].body)

    def edit(facts: dict[str, Any]) -> None:
        facts["rosters"] = [
            {
                "body": b64(one.body),
                "signatures": [{"key": b64(key), "signature": b64(s)} for key, s in one.signatures.items()],
            }
            for one in chain
        ]
        facts["roster"] |= {
            "construction": newest.construction,
            "epoch": newest.epoch,
            "parts": {name: b64(point) for name, point in newest.parts.items()},
        }
        facts["key_id"] = b64(newest.key_id)

    from tests.member.conftest import rewriting

    transport_of(member).change = rewriting("GET /api/network", edit)


def folders(three: Three) -> list[Any]:
    return [HolderFolder.open(one.folder) for one in three.holders.three]


def signed_by_all(three: Three, body: bytes) -> rosters.SignedRoster:
    return rosters.SignedRoster(
        body, {one.public: signing.sign(one.signing, "roster", body) for one in folders(three)}
    )


def test_a_lowered_threshold_is_refused_even_when_every_holder_signed_it(three: Three) -> None:
    member = three.firm()
    pinned = rosters.SignedRoster(member.pins.roster, {})
    old = rosters.read(pinned.body)
    lower = rosters.Roster(
        parts.SINGLE,
        old.epoch + 1,
        False,
        30,
        (rosters.Holder(1, "One", "/api/holder", old.holders[0].key),),
        {parts.WHOLE: old.total},
        pinned.digest,
    )
    for chain in ([pinned, signed_by_all(three, lower.body())], [signed_by_all(three, lower.body())]):
        showing(member, chain)
        with pytest.raises(Untrusted) as refused:
            member.check_network()
        assert refused.value.code == "roster-threshold"
    assert member.pins.roster == pinned.body


def test_another_networks_holders_are_not_believed(three: Three, tmp_path) -> None:
    member = three.firm()
    stranger = Holders.make(tmp_path / "strangers", three.holders.three[0].nursery)
    stranger.end()
    refused_too = vigied(three.server.settings, "migrate", "--roster", str(stranger.roster), code=1)
    assert "this network exists already" in refused_too
    again = vigied(three.server.settings, "migrate", "--roster", str(three.holders.roster))
    assert again.strip() == "up to date"
    showing(member, [rosters.from_text(stranger.roster.read_text(encoding="utf-8"))])
    with pytest.raises(Untrusted) as refused:
        member.check_network()
    assert refused.value.code == "roster-chain"


def test_a_refresh_is_followed_and_pseudonyms_stay_what_they_are(three: Three) -> None:
    member = three.firm()
    before = pseudonyms_of(member, identifiers(2))
    epoch = member.pins.epoch
    three.holders.hold("refresh")
    adopted = vigied(three.server.settings, "roster", "adopt", str(three.holders.roster))
    assert "is in force, without a dealer" in adopted
    assert pseudonyms_of(member, identifiers(2)) == before  # the epoch before is still served
    member.check_network()
    assert (member.pins.epoch, out(member)) == (epoch + 1, [])
    assert pseudonyms_of(member, identifiers(2)) == before
    assert pseudonyms_of(three.firm(), identifiers(2)) == before


def test_a_batch_never_mixes_the_parts_of_two_epochs(three: Three) -> None:
    """Another batch follows a refresh between one holder's answer to this one and the next holder's."""
    expected = pseudonyms_of(three.firm(), identifiers(2))
    member = three.firm()
    followed: list[int] = []

    def refresh(request: httpx.Request, status: int, _body: bytes) -> None:
        if str(request.url).endswith("/evaluations") and status < 300 and not followed:
            followed.append(member.pins.epoch)
            three.holders.hold("refresh")
            vigied(three.server.settings, "roster", "adopt", str(three.holders.roster))
            member.check_network()

    transport_of(member).change = refresh
    values = Asking(member).pseudonyms([one.encode() for one in identifiers(2)])
    assert member.pins.epoch == followed[0] + 1
    assert dict(zip(identifiers(2), values, strict=True)) == expected


def test_a_holder_that_is_an_epoch_behind_is_named_and_the_other_two_serve(three: Three) -> None:
    """As one is that was restored from a backup made before the refresh."""
    expected = pseudonyms_of(three.firm(), identifiers(2))
    member = three.firm()
    kept = three.holders.three[0].folder / "rosters.json"
    chain = kept.read_bytes()
    assert len(json.loads(chain)) > 1
    kept.write_text(json.dumps(json.loads(chain)[:-1]))
    try:
        assert pseudonyms_of(member, identifiers(2)) == expected
        assert out(member) == ["Holder 1"]
        assert "Holder 1" in member.holders_out[1].tell("fr")
    finally:
        kept.write_bytes(chain)


def everything_of(folder: Path) -> list[bytes]:
    """Every number in a holder's files: its parts of every epoch, and whatever else could be one."""
    texts = " ".join(path.read_text(errors="ignore") for path in folder.iterdir() if path.suffix == ".json")
    return sorted({bytes.fromhex(one) for one in re.findall(r'"k\d\d"\s*:\s*"([0-9a-f]{64})"', texts)})


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_database_and_everything_of_one_holder_test_no_guess(
    three: Three, number: int, tmp_path: Path
) -> None:
    """The bar of the design: the operator's database and keys, and one holder's whole folder, are stolen."""
    member = three.firm()
    push(member, ledger([number, 10 + number]))
    guesses = [identifiers(60)[place] for place in (number, 10 + number, 50)]
    sqlite3.connect(three.server.folder / "vigie.sqlite3").execute(f"VACUUM INTO '{tmp_path / 'copy'}'")
    copy = (tmp_path / "copy").read_bytes()
    clients = {one for one in guesses if one in member.book.clients}
    assert all(member.book.clients[one].pseudonym in copy for one in clients)
    one, other = (three.holders.three[place % 3] for place in (number - 1, number))
    stolen = everything_of(one.folder)
    operators = [path.read_bytes() for path in three.server.keys.iterdir() if path.suffix == ".key"]
    assert len(stolen) >= 2
    assert confirmed(copy, [*stolen[:4], *operators[:1]], member.pins.parts.values(), guesses) == set()
    two = {**newest_parts(one), **newest_parts(other)}
    assert clients <= confirmed(copy, list(two.values()), [], guesses)  # the attack itself works


def newest_parts(holder: HolderProcess) -> dict[str, bytes]:
    folder = HolderFolder.open(holder.folder)
    return folder.parts(rosters.read(folder.chain()[-1].body).epoch)


def test_a_fresh_key_has_everything_sent_again_and_the_server_cannot_carry_anything_over(
    three: Three,
) -> None:
    member = three.firm()
    push(member, ledger([70, 71], months=2))
    old = {one.pseudonym for one in member.book.clients.values()}
    three.holders.hold("generate")
    adopted = vigied(three.server.settings, "roster", "adopt", str(three.holders.roster))
    assert "another key" in adopted
    with pytest.raises(Untrusted) as refused:
        member.check_network()
    assert refused.value.code == "rekeyed"
    key, receipts = member.pins.key_id, len(member.session.receipts())
    done = rekey(member)
    assert done is not None
    assert (done.clients, done.months, done.left_out) == (2, 2, 0)
    assert member.pins.key_id != key
    assert len(member.session.receipts()) == receipts + 2
    new = {one.pseudonym for one in member.book.clients.values()}
    assert not old & new
    sent = [decode(one) for one in member.book.sent.values()]
    assert {one.key for one in sent} == {member.pins.key_id}
    assert {bytes(row) for one in sent for row in one.rows["pseudonym"]} == new
    assert rekey(member) is None
    member.check_network()
    assert not push(member, ledger([70, 71], months=2)).months  # the network has it all
    assert {one.pseudonym for one in member.book.clients.values()} == new
    with sqlite3.connect(three.server.folder / "vigie.sqlite3") as rows:
        packed = rows.execute("SELECT packed FROM relations WHERE firm = ?", [str(member.firm_id)]).fetchall()
    assert not any(one in bytes(found[0]) for found in packed for one in old)
    forgotten = vigied(three.server.settings, "roster", "forget")
    assert forgotten.strip() == "2 uploads erased"
    three.server.set_today(date(2026, 2, 12))
    three.server.release("2026-01")


def test_a_holder_keeps_no_identifier_and_no_pseudonym(three: Three) -> None:
    member = three.firm()
    push(member, ledger([80, 81]))
    clients = member.book.clients.values()
    for holder in three.holders.three:
        kept = b"".join(path.read_bytes() for path in holder.folder.iterdir())
        assert member.firm_id.bytes in kept  # it is looked at the right bytes
        for client in clients:
            assert client.identifier.encode() not in kept
            assert client.identifier.removeprefix("fr.siren:").encode() not in kept
            for spelled in (
                client.pseudonym,
                client.pseudonym.hex().encode(),
                b64(client.pseudonym).encode(),
            ):
                assert spelled not in kept
