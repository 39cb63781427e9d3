"""Three key holders as processes witness a real network's manifests: one history, and no other."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmark.upload import month_text
from privacy import manifest as manifests
from privacy import roster as rosters
from privacy import signing
from privacy.manifest import Signed
from privacy.manifest_witness import witnessed_by
from server import keyholder_witness
from server.problems import Refused
from server.witness import ShownManifest, WitnessRequest
from tests.conftest import TODAY, RunningServer, vigied
from tests.forked import Nursery
from tests.privacy.manifest_play import KEY, PUBLIC, chain
from tests.server.holders import Holders, client
from tests.server.kit import b64, unb64

FIRST = TODAY.year * 12 + TODAY.month - 1


@dataclass
class Witnessed:
    """A network without firms, and the holders that its roster names."""

    server: RunningServer
    holders: Holders
    month: int = FIRST - 1

    def release(self) -> None:
        """The next month; the holders are asked before it answers."""
        self.month += 1
        after = self.month + 1
        self.server.set_today(date(after // 12, after % 12 + 1, 12))
        self.server.release(month_text(self.month))

    def log(self) -> list[dict[str, Any]]:
        with self.server.client() as anybody:
            found: list[dict[str, Any]] = anybody.get("/api/manifests").json()
        return found

    def signers(self) -> list[int]:
        """How many holders have signed each manifest; every signature is looked at."""
        roster = rosters.check(rosters.from_text(self.holders.roster.read_text(encoding="utf-8")))
        keys = {holder.key for holder in roster.holders}
        counts = []
        for one in self.log():
            signed = {unb64(word["key"]): unb64(word["signature"]) for word in one["countersignatures"]}
            assert signed.keys() <= keys
            assert all(witnessed_by(key, unb64(one["manifest"]), word) for key, word in signed.items())
            counts.append(len(signed))
        return counts


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory, nursery: Nursery) -> Iterator[Witnessed]:
    holders = Holders.make(tmp_path_factory.mktemp("holders"), nursery)
    holders.start()
    folder = tmp_path_factory.mktemp("witnessed")
    settings = {
        "VIGIED_DATABASE": f"sqlite:///{folder / 'vigie.sqlite3'}",
        "VIGIED_KEYS": str(folder / "keys"),
        "VIGIED_KIND": "demo",
    }
    made = vigied(settings, "migrate", "--today", TODAY.isoformat(), "--roster", str(holders.roster))
    assert made.returncode == 0, made.stderr
    added = vigied(settings, "operator-add", "operator@vigie.test", "--token")
    token = re.search(r"^token (\S+)$", added.stdout, re.MULTILINE)
    assert token, added.stderr
    server = RunningServer(settings["VIGIED_DATABASE"], folder / "keys", "demo", token[1], folder, nursery)
    server.start()
    with server.client() as anybody:
        release_key = anybody.get("/api/network").json()["release_key"]
    holders.three[0].run("pin", release_key)
    for one in holders.three[1:]:
        keyholder_witness.pin(one.folder, unb64(release_key))  # what the command does
    yield Witnessed(server, holders)
    server.kill()
    holders.end()


def test_every_holder_signs_a_release_before_it_is_answered(network: Witnessed) -> None:
    network.release()
    assert network.signers() == [3]
    (one,) = network.log()
    with client() as http:
        said = http.get(f"{network.holders.three[0].url}/api/holder").json()
    assert said["witnessed"] == {"month": one["month"], "digest": manifests.digest(unb64(one["manifest"]))}


def test_a_holder_that_was_away_catches_up(network: Witnessed) -> None:
    away = network.holders.three[2]
    away.kill()
    network.release()
    network.release()
    assert network.signers()[-2:] == [2, 2]
    away.start()
    away.wait()
    network.release()
    assert network.signers() == [3] * len(network.signers())


def test_the_same_again_is_the_same_and_a_fork_is_refused(network: Witnessed) -> None:
    shown = [{"manifest": one["manifest"], "signature": one["signature"]} for one in network.log()]
    url = f"{network.holders.three[1].url}/api/holder/witness"
    key = signing.from_seed((network.server.keys / "release-signing.key").read_bytes())
    fork = manifests.encode(
        msgspec.structs.replace(manifests.read(unb64(shown[-1]["manifest"])), published_on="2026-12-24")
    )
    forked = {"manifest": b64(fork), "signature": b64(signing.sign(key, manifests.PURPOSE, fork))}
    with client() as http:
        again = [http.post(url, json={"manifests": shown[at:]}).json() for at in (0, 0, -1)]
        assert again[0] == again[1]
        assert again[0]["signatures"][-1] == again[2]["signatures"][0]
        for refused, code in (
            ([*shown[:-1], forked], "fork"),
            ([forked], "fork"),
            ([*shown, forked], "link"),
        ):
            answer = http.post(url, json={"manifests": refused})
            assert answer.status_code == 409
            assert answer.json()["errors"][0]["found"] == code


def test_what_extends_a_rewritten_history_is_witnessed_by_nobody(network: Witnessed) -> None:
    key = signing.from_seed((network.server.keys / "release-signing.key").read_bytes())
    path = network.server.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=30, isolation_level=None)) as database:
        query = "SELECT header FROM release WHERE month = ?"
        (header,) = database.execute(query, (network.month,)).fetchone()
        other = manifests.encode(msgspec.structs.replace(manifests.read(header), published_on="2026-12-24"))
        database.execute(
            "UPDATE release SET header = ?, signature = ? WHERE month = ?",
            (other, signing.sign(key, manifests.PURPOSE, other), network.month),
        )
        database.execute("DELETE FROM countersignature WHERE month = ?", (network.month,))
    network.release()
    assert [len(one["countersignatures"]) for one in network.log()][-2:] == [0, 0]
    assert network.server.log.count("HTTP 409 fork") == 3


# ---- the holder's memory


def request(*shown: Signed) -> WitnessRequest:
    return WitnessRequest([ShownManifest(one.manifest, one.signature) for one in shown])


def test_a_holder_witnesses_the_one_network_that_it_pinned(tmp_path: Path) -> None:
    whole = chain(3)
    with pytest.raises(Refused, match="witness-refused") as refused:
        keyholder_witness.witness(tmp_path, KEY, request(*whole))
    assert "no network" in refused.value.detail
    keyholder_witness.pin(tmp_path, PUBLIC)
    keyholder_witness.pin(tmp_path, PUBLIC)
    with pytest.raises(Refused, match="witness-refused"):
        keyholder_witness.pin(tmp_path, bytes(32))
    assert keyholder_witness.newest(tmp_path) is None
    signed = keyholder_witness.witness(tmp_path, KEY, request(*whole[:2])).signatures
    assert len(signed) == 2
    newest = keyholder_witness.newest(tmp_path)
    assert newest is not None
    assert newest.digest == manifests.digest(whole[1].manifest)


def test_what_a_holder_signed_last_is_its_own_file(tmp_path: Path) -> None:
    keyholder_witness.pin(tmp_path, bytes(range(32)))
    assert (tmp_path / keyholder_witness.FILE).stat().st_mode & 0o777 == 0o600


def test_what_was_refused_is_not_remembered(tmp_path: Path) -> None:
    keyholder_witness.pin(tmp_path, PUBLIC)
    whole, other = chain(3), chain(3, profile="other")
    keyholder_witness.witness(tmp_path, KEY, request(*whole[:2]))
    before = keyholder_witness.newest(tmp_path)
    with pytest.raises(Refused) as refused:
        keyholder_witness.witness(tmp_path, KEY, request(*other))
    assert json.loads(msgspec.json.encode(refused.value.errors))[0]["found"] == "fork"
    assert keyholder_witness.newest(tmp_path) == before
    keyholder_witness.witness(tmp_path, KEY, request(whole[2]))
