"""Ceremonies at holders' folders: parts in force only with everybody's signature, a lost holder replaced."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from privacy import roster as rosters
from privacy.evaluate import public_key
from privacy.parts import public_parts
from privacy.parts_ceremony import CeremonyRefused
from privacy.roster import RosterRefused, SignedRoster
from server import keyholder_ceremony as work
from server.keyholder_folder import FolderRefused, HolderFolder, erase

NOW = 1_800_000_000


def seat(table: Path, number: int, name: str = "holder") -> HolderFolder:
    return HolderFolder.make(
        table / f"{name}-{number}", number, f"Holder {number}", f"https://h{number}.test/api/holder"
    )


def held(kind: str, folders: list[HolderFolder], before: SignedRoster | None = None) -> SignedRoster:
    cards = [work.card(one) for one in folders]
    packages = [work.begin(one, kind, cards, before) for one in folders]
    return work.merge([work.accept(one, [paper for paper in packages if paper]) for one in folders])


@pytest.fixture
def folders(tmp_path: Path) -> list[HolderFolder]:
    return [seat(tmp_path, number) for number in (1, 2, 3)]


def installed(folders: list[HolderFolder], signed: SignedRoster) -> rosters.Roster:
    for one in folders:
        one.install(signed, NOW)
    return rosters.read(signed.body)


def test_a_roster_is_in_force_with_everybodys_signature_alone(folders: list[HolderFolder]) -> None:
    signed = held("generate", folders)
    short = SignedRoster(signed.body, dict(list(signed.signatures.items())[:2]))
    with pytest.raises(RosterRefused, match="has not signed"):
        folders[0].install(short, NOW)
    with pytest.raises(FolderRefused, match="no part yet"):
        folders[0].served(NOW)
    roster = installed(folders, signed)
    for one in folders:
        parts = one.parts(roster.epoch)
        assert len(parts) == 2
        assert public_parts(parts) == {name: roster.parts[name] for name in parts}
        assert not (one.path / "ceremony.json").exists()
        assert one.install(signed, NOW).epoch == 1  # the same again


def test_a_lost_holder_is_replaced_and_the_newcomer_needs_the_roster(
    folders: list[HolderFolder], tmp_path: Path
) -> None:
    first = held("generate", folders)
    old = installed(folders, first)
    newcomer = seat(tmp_path, 3, "newcomer")
    three = [*folders[:2], newcomer]
    roster = installed(three, held("refresh", three, first))
    assert (roster.epoch, roster.total) == (2, old.total)
    assert public_parts(newcomer.parts(2)) == {name: roster.parts[name] for name in ("k13", "k23")}
    assert newcomer.parts(2) != folders[2].parts(1)
    assert rosters.follow(first, newcomer.chain()).roster.epoch == 2
    assert list(newcomer.served(NOW)) == [2]
    assert sorted(folders[0].served(NOW)) == [1, 2]


def test_two_stories_and_another_ceremonys_roster_are_refused(
    folders: list[HolderFolder], tmp_path: Path
) -> None:
    one, other = held("generate", folders), held("generate", folders)
    with pytest.raises(RosterRefused, match="two stories"):
        work.merge([one, other])
    with pytest.raises(FolderRefused, match="not what the ceremony here led to"):
        folders[0].install(one, NOW)
    cards = [work.card(folder) for folder in folders]
    work.card(folders[0])  # begun once more: the card that the others have is worth nothing
    with pytest.raises(CeremonyRefused, match="not the one made here last"):
        work.begin(folders[0], "generate", cards)
    with pytest.raises(FolderRefused, match="cards come first"):
        work.accept(folders[0], [])
    with pytest.raises(FolderRefused, match="no ceremony is under way"):
        work.accept(seat(tmp_path, 2, "idle"), [])
    with pytest.raises(RosterRefused, match="expected the signed rosters"):
        work.merge([])


def test_a_folder_is_one_holders_and_its_files_are_checked(folders: list[HolderFolder]) -> None:
    with pytest.raises(FolderRefused, match="holds a key holder already"):
        HolderFolder.make(folders[0].path, 1, "Again", "https://x.test")
    with pytest.raises(FolderRefused, match="number from 1 to 3"):
        HolderFolder.make(folders[0].path.parent / "x", 4, "Four", "https://x.test")
    installed(folders, held("generate", folders))
    taken = (folders[1].path / "parts-1.json").read_bytes()
    (folders[0].path / "parts-1.json").write_bytes(taken)
    with pytest.raises(FolderRefused, match="not the parts of holder 1"):
        folders[0].served(NOW)
    (folders[0].path / "parts-1.json").write_bytes(b"{")
    with pytest.raises(FolderRefused, match="damaged"):
        folders[0].served(NOW)
    erase(folders[0].path / "parts-1.json")
    erase(folders[0].path / "parts-1.json")  # nothing is there any more
    with pytest.raises(FolderRefused, match="are not here"):
        folders[0].served(NOW)
    (folders[0].path / "holder.json").write_bytes(b"[]")
    with pytest.raises(FolderRefused, match="damaged"):
        HolderFolder.open(folders[0].path)
    with pytest.raises(FolderRefused, match="vigied keyholder init"):
        HolderFolder.open(folders[0].path / "nowhere")


def test_what_a_ceremony_leaves_behind_is_overwritten_on_the_disk(
    folders: list[HolderFolder], monkeypatch: pytest.MonkeyPatch
) -> None:
    own = folders[0].path / "ceremony.json"
    zeroed: list[int] = []
    sync = os.fsync

    def synced(descriptor: int) -> None:
        sync(descriptor)
        status = os.fstat(descriptor)
        if stat.S_ISREG(status.st_mode) and not any(Path(f"/proc/self/fd/{descriptor}").read_bytes()):
            zeroed.append(status.st_ino)

    monkeypatch.setattr(os, "fsync", synced)
    cards = [work.card(one) for one in folders]
    versions = [own.stat().st_ino]
    packages = [work.begin(one, "generate", cards) for one in folders]
    versions.append(own.stat().st_ino)
    papers = [work.accept(one, [paper for paper in packages if paper]) for one in folders]
    versions.append(own.stat().st_ino)
    own.with_name("ceremony.json.new").write_text("of a write that a crash cut short")
    installed(folders, work.merge(papers))
    assert set(versions) <= set(zeroed), "each version, not the last one alone"
    assert not list(folders[0].path.glob("ceremony*"))


def test_secrets_never_print(folders: list[HolderFolder]) -> None:
    roster = installed(folders, held("generate", folders))
    shown = repr(folders[0]) + repr(folders[0].served(NOW))
    for part in folders[0].parts(roster.epoch).values():
        assert part.hex() not in shown
        assert repr(part) not in shown
        assert public_key(part) in roster.parts.values()
