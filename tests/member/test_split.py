"""A trial network's single key is split among three holders: pseudonyms stay, and the roster says "dealt"."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from member.pseudonyms import pseudonyms_of
from privacy import roster as rosters
from server import keyholder_ceremony as work
from server.clock import Clock
from server.keyholder_folder import HolderFolder
from tests.member.conftest import siren
from tests.server.holders import Holders
from tests.server.networks import vigied

if TYPE_CHECKING:
    from tests.forked import Nursery
    from tests.member.conftest import Firms


def test_a_split_changes_no_pseudonym_and_is_followed_by_clients_that_pinned_one_holder(
    own_firms: Firms, tmp_path: Path, nursery: Nursery
) -> None:
    server, table = own_firms.server, tmp_path / "table"
    member = own_firms.firm()
    wanted = [f"fr.siren:{siren(number)}" for number in range(2)]
    before = pseudonyms_of(member, wanted)
    assert (member.pins.construction, member.pins.epoch) == ("single", 1)

    holders = Holders.seated(table, nursery)
    folders = [HolderFolder.open(one.folder) for one in holders.three]
    vigied(server.settings, "roster", "show", "--file", "roster-1.json", cwd=table)
    pinned = rosters.from_text((table / "roster-1.json").read_text(encoding="utf-8"))
    assert pinned.body == member.pins.roster
    cards = [work.card(one) for one in folders]
    for number, card in enumerate(cards, 1):
        (table / f"card-{number}.json").write_bytes(card)
    names = [f"card-{number}.json" for number in (1, 2, 3)]
    vigied(server.settings, "keyholder", "split", *names, "--roster", "roster-1.json", "--dealer", cwd=table)
    for folder in folders:
        assert work.begin(folder, "split", cards, pinned) is None
        signed = work.accept(folder, [(table / "package-0.json").read_bytes()])
        (table / f"signed-{folder.number}.json").write_text(rosters.to_text(signed), encoding="utf-8")
    vigied(server.settings, "roster", "sign", "signed-1.json", cwd=table)
    papers = [f"signed-{number}.json" for number in (1, 2, 3)] + ["roster-2-signed-0.json"]
    merged = work.merge([rosters.from_text((table / name).read_text()) for name in papers])
    for folder in folders:
        folder.install(merged, Clock().unix())
    holders.start()
    try:
        assert "dealt: erase pseudonym.key" in vigied(server.settings, "roster", "adopt", *papers, cwd=table)
        holders.admit(member.firm_id, member.root_public, 100)
        assert pseudonyms_of(member, wanted) == before  # the single holder serves its epoch meanwhile
        member.check_network()
        pins = member.pins
        assert (pins.construction, pins.epoch, pins.dealt, pins.threshold) == ("three", 2, True, 2)
        assert pseudonyms_of(member, wanted) == before
        (server.keys / "pseudonym.key").unlink()
        server.restart()  # the operator needs it no more
        member.check_network()
        assert pseudonyms_of(member, wanted) == before
    finally:
        holders.end()
