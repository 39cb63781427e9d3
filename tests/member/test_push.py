"""A push: from an import to receipts and the book, on both databases, through crashes, beside others."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import msgspec
import numpy as np
import pytest

from benchmark.problems import Problem
from benchmark.upload import decode, digest, known
from member.book import Contents
from member.book_edit import with_mark
from member.device_invitation import invite_device, take_device
from member.imported import Imported
from member.push import in_parts, push
from member.refusals import InputRefused, NetworkRefused, Unreachable, Untrusted
from tests.member.conftest import (
    DECEMBER,
    PASSWORD,
    client,
    invoices_of,
    ledger,
    rewriting,
    siren,
    transport_of,
)

if TYPE_CHECKING:
    from member.keystore import Member
    from tests.member.conftest import Firms


def sales(member: Member, month: int) -> dict[str, int]:
    """What the network has of a month, by the client's identifier."""
    current = next(one for one in member.session.receipts() if one.current and one.month == month_of(month))
    rows = decode(member.session.own_upload(current.digest)).rows
    names = member.shelf.sync(member).by_pseudonym()
    return {
        names[row["pseudonym"].tobytes()].identifier: int(row["sales"]) for row in rows if known(row, "sales")
    }


def month_of(index: int) -> str:
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def identifier(number: int) -> str:
    return f"fr.siren:{siren(number)}"


def second_device(firms: Firms, member: Member) -> Member:
    content, code = invite_device(member, PASSWORD)
    file = firms.place("device")
    file.write_bytes(content)
    made = take_device(file, code, firms.place(), network=firms.network()[0])
    firms.members.append(made)
    return made


def test_a_file_becomes_months_with_receipts_and_a_book(firms: Firms) -> None:
    member = firms.firm()
    result = push(member, ledger([1, 2, 3]))
    assert [change.month for change in result.months] == [DECEMBER - 2, DECEMBER - 1, DECEMBER]
    assert all(change.fresh and change.added == 3 for change in result.months)
    assert result.evaluated == 3
    assert {one.digest for one in result.receipts} == {digest(change.encoded) for change in result.months}
    loaded, transport = firms.again(member)
    assert {one.name for one in loaded.book.clients.values()} == {
        f"Client {n} (fictional)" for n in (1, 2, 3)
    }
    again = push(loaded, ledger([1, 2, 3]))
    assert (again.months, again.evaluated, len(again.unchanged)) == ([], 0, 3)
    assert transport.count("POST /api/uploads") == 0
    assert transport.count("PUT /api/book") == 0
    assert (member.home.path / "receipts.jsonl").read_bytes().count(b"\n") == 3


def test_what_leaves_names_no_client(firms: Firms) -> None:
    member = firms.firm()
    sent: list[bytes] = []
    transport_of(member).before = lambda request: sent.append(bytes(request.read()))
    push(member, ledger([1, 2]))
    whole = b"".join(sent)
    assert len(whole) > 1000
    for number in (1, 2):
        for secret in (siren(number), f"Client {number}", f"C{number} "):
            assert secret.encode() not in whole


def test_a_changed_past_month_replaces_and_nothing_else_is_sent(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2, 3]))
    changed = ledger([1, 2, 3])
    changed.months[DECEMBER - 1][1]["sales"][0] += 5_00
    result = push(member, changed)
    assert [(one.month, one.added, one.changed, one.removed) for one in result.months] == [
        (DECEMBER - 1, 0, 1, 0)
    ]
    assert sales(member, DECEMBER - 1)[identifier(1)] == 1005_00


def test_a_partial_file_leaves_other_clients_as_they_were(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2, 3]))
    push(member, ledger([2, 4], euros=50))
    assert sales(member, DECEMBER) == {
        identifier(1): 1000_00,
        identifier(2): 50_00,
        identifier(3): 1000_00,
        identifier(4): 50_00,
    }
    whole = push(member, ledger([2, 4], euros=50), replace=True)
    assert {(one.month, one.removed) for one in whole.months} == {(DECEMBER - back, 2) for back in range(3)}
    assert set(sales(member, DECEMBER)) == {identifier(2), identifier(4)}


def test_a_bad_row_sends_nothing(firms: Firms) -> None:
    member = firms.firm()
    bad = Imported(problems=[Problem("amount-invalid", 3, "amount", "12,x", "1234,56")])
    asked = len(transport_of(member).asked)
    for refused_import in (bad, Imported()):
        with pytest.raises(InputRefused):
            push(member, refused_import)
    assert len(transport_of(member).asked) == asked


def test_a_confidential_client_contributes_nothing_and_leaves_the_months_it_was_in(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))
    imported = ledger([1, 2, 3], months=1)
    hidden = [replace(one, confidential=one.account in {"C2", "C3"}) for one in imported.clients]
    result = push(member, replace(imported, clients=hidden))
    assert result.evaluated == 0
    for month in (DECEMBER, DECEMBER - 2):
        assert set(sales(member, month)) == {identifier(1)}
    assert member.book.clients[identifier(3)].pseudonym == b""
    assert push(member, ledger([1, 2, 3])).months == []


def test_marks_that_another_device_sets_while_the_key_holders_are_asked_count(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))
    other = second_device(firms, member)
    hidden = msgspec.structs.replace(member.book.clients[identifier(2)], id=9, identifier=identifier(4))
    hidden = msgspec.structs.replace(hidden, pseudonym=b"", confidential=True, accounts=())
    book = member.shelf.contents
    member.shelf.save(member, Contents({**book.clients, hidden.identifier: hidden}, book.sent))

    def progress(what: str, done: int, of: int) -> None:
        if (what, done, of) == ("pseudonyms", 0, 1) and not other.shelf.synced:
            book = with_mark(other.shelf.sync(other), identifier(1), confidential=True)
            other.shelf.save(other, with_mark(book, identifier(4), confidential=False))

    push(member, ledger([1, 2, 3, 4]), progress)
    assert set(sales(member, DECEMBER)) == {identifier(2), identifier(3), identifier(4)}


def test_over_budget_is_a_clear_refusal_and_sends_nothing(firms: Firms) -> None:
    member = firms.firm(portfolio=2)
    with pytest.raises(NetworkRefused) as refused:
        push(member, ledger([1, 2, 3]))
    assert refused.value.code == "evaluation-budget"
    assert "budget" in refused.value.tell("fr")
    assert "2" in refused.value.tell("en")
    assert member.session.receipts() == []
    push(member, ledger([1, 2]))


# ---- an operator, or somebody between, that shows something else


def test_a_receipt_under_another_key_is_refused(firms: Firms) -> None:
    member = firms.firm()

    def swap(answer):
        first = msgspec.json.decode(msgspec.json.encode(answer["receipts"][0]["signature"]), type=bytes)
        answer["receipts"][0]["signature"] = first[:-1] + bytes([first[-1] ^ 1])

    transport_of(member).change = rewriting("POST /api/uploads", swap)
    with pytest.raises(Untrusted, match=r"2025-10.*signature"):
        push(member, ledger([1]))
    assert member.shelf.version.sequence == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("digest", bytes(32)), ("replaces", bytes([1] * 32)), ("firm_id", UUID(int=1))],
    ids=str,
)
def test_a_receipt_for_something_else_is_refused(firms: Firms, name: str, value: object) -> None:
    member = firms.firm()
    transport_of(member).change = rewriting(
        "POST /api/uploads", lambda answer: answer["receipts"][0].__setitem__(name, value)
    )
    with pytest.raises(Untrusted):
        push(member, ledger([1]))


def test_a_missing_receipt_is_refused(firms: Firms) -> None:
    member = firms.firm()
    transport_of(member).change = rewriting("POST /api/uploads", lambda answer: answer["receipts"].pop())
    with pytest.raises(Untrusted, match=r"2025-12.*missing"):
        push(member, ledger([1]))


def test_a_wrong_proof_is_refused_before_anything_is_sent(firms: Firms) -> None:
    member = firms.firm()
    transport_of(member).change = rewriting(
        "POST /api/holder/evaluations", lambda answer: answer.__setitem__("proof", bytes(range(64)))
    )
    with pytest.raises(Untrusted) as refused:
        push(member, ledger([1]))
    assert refused.value.code == "proof"
    assert "POST /api/uploads" not in transport_of(member).asked


# ---- crashes


def test_a_crash_between_upload_and_book_loses_nothing(firms: Firms) -> None:
    member = firms.firm()
    push(member, ledger([1, 2]))

    def crash(request: httpx.Request) -> None:
        if request.method == "PUT":
            raise KeyboardInterrupt

    transport_of(member).before = crash
    with pytest.raises(KeyboardInterrupt):
        push(member, ledger([2, 3], euros=70))
    loaded, transport = firms.again(member)
    contents = loaded.shelf.sync(loaded)
    assert loaded.shelf.recovered == [DECEMBER - 2, DECEMBER - 1, DECEMBER]
    assert identifier(3) not in contents.clients  # its name was in the file alone
    result = push(loaded, ledger([2, 3], euros=70))
    assert (result.months, result.evaluated) == ([], 0)
    assert transport.count("POST /api/holder/evaluations") == 0
    assert sales(loaded, DECEMBER) == {identifier(1): 1000_00, identifier(2): 70_00, identifier(3): 70_00}
    assert loaded.book.clients[identifier(3)].name == "Client 3 (fictional)"


def test_a_lost_answer_to_an_upload_is_asked_for_again_and_counts_once(firms: Firms) -> None:
    member = firms.firm()
    lost: list[str] = []

    def lose(request: httpx.Request, _status: int, _body: bytes) -> None:
        place = f"{request.method} {request.url.path}"
        if (
            place in {"POST /api/uploads", "PUT /api/book", "POST /api/holder/evaluations"}
            and place not in lost
        ):
            lost.append(place)
            raise httpx.ReadError("the line was cut", request=request)

    transport_of(member).change = lose
    result = push(member, ledger([1, 2]))
    assert len(lost) == 3
    assert len(result.months) == 3
    assert len(member.session.receipts()) == 3
    assert member.shelf.version.sequence == 1
    assert push(member, ledger([1, 2])).months == []


def test_a_network_that_never_answers_is_said_to_be_unreachable(own_firms: Firms) -> None:
    member = own_firms.firm()
    own_firms.server.stop()
    with pytest.raises(Unreachable):
        push(member, ledger([1]))


# ---- two devices


def test_two_devices_that_push_at_once_lose_nothing(firms: Firms) -> None:
    first = firms.firm()
    push(first, ledger([1]))
    second = second_device(firms, first)
    meeting = threading.Barrier(2, timeout=60)
    failed: list[BaseException] = []

    def at_once(member: Member, numbers: list[int], euros: int) -> None:
        try:
            member.shelf.sync(member)
            met: list[bool] = []

            def wait(request: httpx.Request) -> None:
                if f"{request.method} {request.url.path}" == "POST /api/uploads" and not met:
                    met.append(True)
                    meeting.wait()

            transport_of(member).before = wait
            push(member, ledger(numbers, euros=euros))
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    threads = [
        threading.Thread(target=at_once, args=args) for args in ((first, [2, 3], 20), (second, [4, 5], 40))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failed, failed
    transport_of(first).before = None
    expected = {1: 1000_00, 2: 20_00, 3: 20_00, 4: 40_00, 5: 40_00}
    for month in (DECEMBER - 2, DECEMBER - 1, DECEMBER):
        assert sales(first, month) == {identifier(number): amount for number, amount in expected.items()}
    book = first.shelf.sync(first)
    assert set(book.clients) == {identifier(number) for number in expected}
    assert first.shelf.recovered == []  # the book ends with what the network has


# ---- what leaves, in arrays


def test_a_client_of_several_accounts_has_one_row(firms: Firms) -> None:
    member = firms.firm(home=False)
    one = replace(client(1), account="A", other_accounts=("B",))
    rows = [(0, 100, "2025-12-01", "2025-12-06", None)]
    from member.imported import from_invoices

    push(member, from_invoices([one], invoices_of(*rows), DECEMBER, 1))
    assert sales(member, DECEMBER) == {identifier(1): 100_00}
    assert member.book.clients[identifier(1)].accounts == ("A", "B")


def test_more_than_a_network_takes_at_once_goes_in_several_transactions(monkeypatch) -> None:
    from member.push import MonthChange

    monkeypatch.setattr("member.push.BODY_BYTES_MAX", 1000)
    changes = [MonthChange(month, bytes(400), bytes(32), 1, 1, 0, 0) for month in range(5)]
    assert [[one.month for one in part] for part in in_parts(changes)] == [[0, 1], [2, 3], [4]]
    large = [replace(changes[0], encoded=bytes(5000))]
    assert in_parts(large) == [large]
    assert in_parts([]) == []


def test_unknown_figures_stay_unknown(firms: Firms) -> None:
    member = firms.firm(home=False)
    imported = ledger([1], months=1)
    _, rows = imported.months[DECEMBER]
    rows["present"] &= np.uint32(0b11)
    push(member, imported)
    sent = decode(member.book.sent[DECEMBER]).rows
    assert known(sent, "sales").all()
    assert not known(sent, "paid").any()
    assert not sent["paid"].any()
