"""Key holders that are processes of their own: two views are told apart, a candidate asks before it joins.

The operator does what it can: it shows each view to the holder that has not seen the other one yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import msgspec
import pytest

from benchmark.upload import month_index, month_text
from member.enrol import enrol
from member.network import Network
from member.overlap import ask
from member.peers_view import read_view, write_view
from member.refusals import InputRefused
from member.verify import Report, verify
from privacy import manifest as manifests
from privacy import signing
from privacy.overlap import BAND_POINTS
from server import keyholder_witness
from server.clock import Clock
from server.keyholder_book import Admitted, HolderBook
from tests.conftest import TODAY, RunningServer
from tests.forked import Nursery
from tests.member.conftest import HASTY, PASSWORD, Firms, rewriting, siren, transport_of
from tests.server.holders import Holders, client
from tests.server.kit import b64, unb64
from tests.server.networks import network_of, vigied

if TYPE_CHECKING:
    from pathlib import Path

    from member.keystore import Member

MONTHS = [month_text(month_index(TODAY.year, TODAY.month) + number) for number in (0, 1)]
PUBLISHED = TODAY.replace(month=TODAY.month + 2, day=12)


@dataclass
class Forked:
    """A network that shows one history to the victim and another one to its peer."""

    server: RunningServer
    holders: Holders
    victim: Member
    peer: Member
    other: dict[str, Any]

    def refused(self, number: int) -> str:
        """What a holder says that is asked to sign the other history as well."""
        url = f"{self.holders.three[number - 1].url}/api/holder/witness"
        shown = [{name: self.other[name] for name in ("manifest", "signature")}]
        with client() as http:
            answer = http.post(url, json={"manifests": shown})
        assert answer.status_code == 409
        return str(answer.json()["errors"][0]["found"])


@pytest.fixture(scope="module")
def forked(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Forked]:
    holders = Holders.make(tmp_path_factory.mktemp("holders"), nursery)
    holders.start()
    server = network_of(holders, tmp_path_factory.mktemp("network"))
    firms = Firms(server, tmp_path_factory.mktemp("homes"))
    victim, peer = (
        enrol(
            firms.network()[0], server.admit("Firm (fictional)", 10), firms.email(), PASSWORD, firms.place()
        )
        for _ in range(2)
    )
    for one in holders.three:
        keyholder_witness.pin(one.folder, victim.pins.release_key)
    server.set_today(PUBLISHED.replace(month=TODAY.month + 1))
    server.release(MONTHS[0])
    third = holders.three[2]
    third.kill()  # so that it signs nothing of the next one yet
    server.set_today(PUBLISHED)
    server.release(MONTHS[1])
    third.start()
    third.wait()
    yield Forked(server, holders, victim, peer, _other_view(server, f"{third.url}/api/holder/witness"))
    for member in (victim, peer):
        member.network.close()
    server.kill()
    holders.end()


def _other_view(server: RunningServer, third: str) -> dict[str, Any]:
    """Another manifest of the newest month, signed by the operator and by the third holder."""
    with server.client() as anybody:
        listed = anybody.get("/api/manifests").json()
    true = manifests.read(unb64(listed[-1]["manifest"]))
    other = manifests.encode(
        msgspec.structs.replace(true, published_on=(PUBLISHED + timedelta(1)).isoformat())
    )
    key = signing.from_seed((server.keys / "release-signing.key").read_bytes())
    signed = {"manifest": b64(other), "signature": b64(signing.sign(key, manifests.PURPOSE, other))}
    with client() as http:
        answer = http.post(third, json={"manifests": [signed]})
        assert answer.status_code == 200, answer.text
        state = http.get(third.removesuffix("/witness")).json()
    return {
        **signed,
        "month": true.month,
        "countersignatures": [{"key": state["key"], "signature": answer.json()["signatures"][0]}],
    }


def shown_the_other(forked: Forked) -> Report:
    """What the peer finds in what it is shown."""

    def edit(listed: list[dict[str, Any]]) -> None:
        listed[-1] = forked.other

    transport_of(forked.peer).change = rewriting("GET /api/manifests", edit)
    return verify(forked.peer)


def test_two_holders_have_signed_what_the_victim_sees_and_none_of_them_signs_the_other(
    forked: Forked,
) -> None:
    report = verify(forked.victim)
    assert (report.verdict, report.witnesses, report.embedded) == ("verified", 3, False)
    assert list(report.fingerprints) == MONTHS
    assert [forked.refused(number) for number in (1, 2)] == ["fork", "fork"]


def test_who_is_shown_the_other_view_is_told_by_itself(forked: Forked) -> None:
    """One of three has signed it: at first a witness may be away, after a week nobody honest is."""
    forked.server.set_today(PUBLISHED + timedelta(days=2))
    early = shown_the_other(forked)
    (missing,) = early.findings
    assert (early.verdict, missing.code, missing.grave) == ("incomplete", "witness-missing", False)
    assert (missing.values["found"], missing.values["expected"]) == (1, 2)
    forked.server.set_today(PUBLISHED + timedelta(days=9))
    late = shown_the_other(forked)
    assert (late.verdict, [one.code for one in late.grave]) == ("untrusted", ["witness-never"])
    assert verify(forked.victim).verdict == "verified"


def test_the_two_are_told_at_once_when_they_compare(forked: Forked, tmp_path: Path) -> None:
    files = tmp_path / "victim.json", tmp_path / "peer.json"
    write_view(files[0], verify(forked.victim).listed)
    write_view(files[1], shown_the_other(forked).listed)
    for report in (
        verify(forked.victim, [read_view(str(files[1]))]),
        verify(forked.peer, [read_view(str(files[0]))]),
    ):
        assert "forked-views" in {one.code for one in report.grave}


# ---- before joining


CLIENTS = {f"fr.siren:{siren(number)}": 100 for number in range(60)}


def test_a_candidate_is_admitted_by_the_holders_and_answered_once(forked: Forked, tmp_path: Path) -> None:
    said = vigied(forked.server.settings, "candidate", "Candidate (fictional)", "--clients", "60")
    candidate, invitation = re.findall(r"^(?:candidate|invitation) (\S+)$", said, re.MULTILINE)
    assert invitation.startswith(candidate)
    network = Network(forked.server.url, patience=HASTY)
    with pytest.raises(InputRefused) as refused:
        ask(network, invitation, CLIENTS, tmp_path)
    assert refused.value.code == "overlap-holders"
    told = refused.value.tell("en")
    assert candidate in told
    key = re.search(r"\b[0-9a-f]{64}\b", told)
    assert key
    today = Clock().today()
    for holder, until in zip(forked.holders.three[:2], (today, today), strict=True):
        admitted = [candidate, key[0], "60", "--name", "Candidate", "--until", until.isoformat()]
        vigied({"VIGIED_HOLDER": str(holder.folder)}, "keyholder", "admit", *admitted)
    found = ask(network, invitation, CLIENTS, tmp_path)
    assert found.month == MONTHS[1]
    assert found.from_points <= 10, "nothing is published of these clients"  # five standard deviations
    assert found.to_points == found.from_points + BAND_POINTS
    assert not list(tmp_path.iterdir())
    network.close()
    holder = forked.holders.three[0]
    assert "60 of 60  Candidate" in vigied({"VIGIED_HOLDER": str(holder.folder)}, "keyholder", "status")
    with client() as http:  # a candidate is nobody's peer at a reveal
        assert http.get(f"{holder.url}/api/holder/vouchings/{candidate}").status_code == 403


def test_a_candidates_budget_ends_with_its_day(tmp_path: Path) -> None:
    today = Clock().today()
    one = Admitted(uuid4(), "Candidate", bytes(32), 60, today - timedelta(days=40), today)
    book = HolderBook(tmp_path / "book.sqlite3")
    book.admit([one])
    days = (today, today + timedelta(days=1))
    assert [limit for day in days for _, _, limit in book.firms(bytes(32), day)] == [60, 0]
    book.close()
