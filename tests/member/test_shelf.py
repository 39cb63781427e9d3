"""The book between device, home and network: what is older, another one, or not ours is noticed."""

from __future__ import annotations

import base64
import hashlib
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from member.book import Contents, head_bytes, read_head, with_imported
from member.push import push
from member.refusals import NetworkRefused, Problem, Unreachable, Untrusted
from privacy import signing
from tests.member.conftest import DECEMBER, client, ledger, rewriting, transport_of
from tests.member.test_push import identifier, sales, second_device

if TYPE_CHECKING:
    from member.keystore import Member
    from tests.member.conftest import Firms


def shown(member: Member) -> bytes:
    """The book's head as the network answers it now."""
    return msgspec.json.encode(member.session.book())


def instead(asked: str, body: bytes):
    def change(request: httpx.Request, _status: int, _body: bytes) -> bytes | None:
        return body if f"{request.method} {request.url.path}" == asked else None

    return change


def test_a_book_that_was_set_back_is_noticed(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    older = shown(member)
    push(member, ledger([1, 2]))
    loaded, transport = firms.again(member)
    transport.change = instead("GET /api/book", older)
    with pytest.raises(Untrusted, match=r"version 1 .*seen 2"):
        loaded.shelf.sync(loaded)
    transport.change = instead(
        "GET /api/book", b'{"head":null,"signature":null,"device_id":null,"segments":[]}'
    )
    with pytest.raises(Untrusted) as refused:
        loaded.shelf.sync(loaded)
    assert refused.value.code == "book-rolled-back"


def test_a_new_device_notices_a_book_older_than_its_invitation(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    older = shown(member)
    push(member, ledger([1, 2]))
    made = second_device(firms, member)
    transport_of(made).change = instead("GET /api/book", older)
    with pytest.raises(Untrusted) as refused:
        made.shelf.sync(made)
    assert refused.value.code == "book-rolled-back"
    transport_of(made).change = None
    assert len(made.shelf.sync(made).clients) == 2


def signed_by(key: Ed25519PrivateKey, head: bytes, device: str) -> bytes:
    return msgspec.json.encode(
        {
            "head": head,
            "signature": signing.sign(key, "book", head),
            "device_id": device,
            "segments": [],
        }
    )


def test_two_versions_of_one_number_are_a_fork(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    head = member.shelf.version.head
    assert head is not None
    forked = head_bytes(1, None, {}, str(member.device_id))
    after = head_bytes(2, forked, {}, str(member.device_id))
    for other in (forked, after):
        transport_of(member).change = instead(
            "GET /api/book", signed_by(member.device_key, other, str(member.device_id))
        )
        with pytest.raises(Untrusted) as refused:
            member.shelf.sync(member)
        assert refused.value.code == "book-forked"


def test_a_head_that_no_device_of_the_firm_signed_is_refused(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    stranger = Ed25519PrivateKey.generate()
    head = member.shelf.version.head
    assert head is not None
    next_one = head_bytes(2, head, read_head(head).segments, str(member.device_id))
    transport_of(member).change = instead(
        "GET /api/book", signed_by(stranger, next_one, str(member.device_id))
    )
    with pytest.raises(Untrusted) as refused:
        member.shelf.sync(member)
    assert refused.value.code == "book-signature"


def test_a_device_that_the_root_does_not_vouch_for_signs_nothing(firms: Firms) -> None:
    """The operator lists a device of its own as the firm's."""
    member = firms.firm()
    push(member, ledger([1]))
    sham, other = Ed25519PrivateKey.generate(), "10111213-1415-4617-9819-1a1b1c1d1e1f"
    head = member.shelf.version.head
    next_one = head_bytes(2, head, read_head(head).segments, other)
    listed = [
        {
            "device_id": other,
            "public_key": signing.public_bytes(sham),
            "delegation": member.identity.delegation[:16]
            + signing.public_bytes(sham)
            + member.identity.delegation[48:],
            "user_id": None,
            "revoked": False,
        }
    ]

    def change(request: httpx.Request, _status: int, _body: bytes) -> bytes | None:
        if request.url.path == "/api/book":
            return signed_by(sham, next_one, other)
        return msgspec.json.encode(listed) if request.url.path == "/api/devices" else None

    transport_of(member).change = change
    with pytest.raises(Untrusted) as refused:
        member.shelf.sync(member)
    assert refused.value.code == "book-signature"


def test_a_segment_that_was_exchanged_is_refused(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    made = second_device(firms, member)
    transport_of(made).change = instead("GET /api/book/segments/names", b"\x01" + bytes(60))
    with pytest.raises(Untrusted, match="names"):
        made.shelf.sync(made)


def test_a_damaged_copy_at_home_is_fetched_anew_and_still_knows_how_far_it_was(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))
    older = shown(member)
    push(member, ledger([1, 2, 3]))
    folder = member.home.path / "book"
    for path in folder.iterdir():
        if path.name != "head.json":
            path.write_bytes(b"damaged")
    loaded, transport = firms.again(member)
    assert loaded.book == Contents()
    transport.change = instead("GET /api/book", older)
    with pytest.raises(Untrusted):
        loaded.shelf.sync(loaded)
    transport.change = None
    assert loaded.shelf.sync(loaded) == member.book


def test_names_and_ledgers_lie_sealed_at_home_and_at_the_network(firms: Firms) -> None:
    member = firms.firm()
    sent: list[bytes] = []
    transport_of(member).before = lambda request: sent.append(request.read())
    push(member, ledger([1]))
    name = client(1).name.encode()
    for stored in [path.read_bytes() for path in member.home.path.rglob("*") if path.is_file()] + sent:
        assert name not in stored
        assert identifier(1).encode() not in stored


def test_what_another_device_sent_and_did_not_write_down_is_taken_up(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))
    made = second_device(firms, member)
    made.shelf.sync(made)

    def crash(request: httpx.Request) -> None:
        if request.method == "PUT":
            raise KeyboardInterrupt

    transport_of(made).before = crash
    with pytest.raises(KeyboardInterrupt):
        push(made, ledger([1, 2], euros=30))
    assert len(member.shelf.sync(member).clients) == 1
    assert member.shelf.recovered == [DECEMBER - 2, DECEMBER - 1, DECEMBER]
    push(member, ledger([3]))
    transport_of(made).before = None
    push(made, ledger([1, 2], euros=30))
    assert sales(member, DECEMBER) == {identifier(1): 30_00, identifier(2): 30_00, identifier(3): 1000_00}


def test_an_own_upload_that_is_not_the_one_of_its_digest_is_refused(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1], months=1))
    other = firms.firm()
    push(other, ledger([1], months=1))
    loaded, transport = firms.again(member)
    shutil.rmtree(member.home.path / "book")
    receipt = member.session.receipts()[0]
    foreign = other.session.own_upload(other.session.receipts()[0].digest)

    def change(request: httpx.Request, _status: int, _body: bytes) -> bytes | None:
        if request.url.path == "/api/book":
            return b'{"head":null,"signature":null,"device_id":null,"segments":[]}'
        return foreign if request.url.path == f"/api/uploads/{receipt.digest.hex()}" else None

    transport.change = change
    fresh, _ = firms.again(member)
    transport_of(fresh).change = change
    with pytest.raises(Untrusted) as refused:
        fresh.shelf.sync(fresh)
    assert refused.value.code == "own-upload"
    assert loaded.shelf.seen is not None


def test_a_book_that_never_rests_is_given_up_with_a_reason(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1]))

    def always_moved(request: httpx.Request) -> None:
        if request.method == "PUT":
            raise NetworkRefused(Problem(type="urn:vigie:problem:book-moved"), 409)

    transport_of(member).before = always_moved
    with pytest.raises(Unreachable) as refused:
        member.shelf.save(member, with_imported(member.book, [client(2)], {}))
    assert refused.value.code == "book-busy"


# ---- an operator's restored backup


def database(firms: Firms) -> Path:
    return Path(firms.server.database_url.removeprefix("sqlite:///"))


def copied(source: Path, target: Path) -> None:
    origin, copy = sqlite3.connect(source), sqlite3.connect(target)
    origin.backup(copy)
    origin.close()
    copy.close()


def test_after_a_restored_backup_the_device_refuses_until_told_and_then_loses_nothing(
    own_firms: Firms, tmp_path: Path
) -> None:
    member = own_firms.firm()
    push(member, ledger([1]))
    copied(database(own_firms), tmp_path / "backup")
    push(member, ledger([1, 2], euros=20))
    push(member, ledger([1, 2], euros=30))
    own_firms.server.stop()
    for path in database(own_firms).parent.glob("vigie.sqlite3-*"):
        path.unlink()
    shutil.copy(tmp_path / "backup", database(own_firms))
    own_firms.server.start()
    loaded, _ = own_firms.again(member)
    with pytest.raises(Untrusted, match="--after-restore"):
        loaded.shelf.sync(loaded)
    result = push(loaded, ledger([3]), after_restore=True)
    assert [change.month for change in result.months] == [DECEMBER - 2, DECEMBER - 1, DECEMBER]
    assert sales(loaded, DECEMBER) == {identifier(1): 30_00, identifier(2): 30_00, identifier(3): 1000_00}
    assert set(loaded.book.clients) == {identifier(number) for number in (1, 2, 3)}
    assert push(own_firms.again(loaded)[0], ledger([3])).months == []


def test_an_upload_that_the_network_lost_is_noticed(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1], months=1))
    older = base64.b64encode(member.book.digest_of(DECEMBER)).decode()
    push(member, ledger([1], months=1, euros=5))
    newest = base64.b64encode(member.book.digest_of(DECEMBER)).decode()

    def forget(receipts: list) -> None:
        receipts[:] = [one for one in receipts if one["digest"] == older]
        receipts[0]["current"] = True

    transport_of(member).change = rewriting("GET /api/uploads", forget)
    with pytest.raises(Untrusted, match="2025-12"):
        member.shelf.sync(member)
    transport_of(member).change = rewriting("GET /api/uploads", lambda receipts: receipts.clear())
    with pytest.raises(Untrusted) as refused:
        member.shelf.sync(member)
    assert refused.value.code == "upload-rolled-back"
    assert newest != older
    assert hashlib.sha256(member.book.sent[DECEMBER]).digest() == base64.b64decode(newest)
