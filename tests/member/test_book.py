"""The client book: heads that chain, segments that open, two devices' changes that become one."""

import base64
import hashlib
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from benchmark.upload import Upload, digest, encode
from member import book
from member.book import Client, Contents, Version, merge
from member.imported import ImportedClient
from member.keys import NotOpened, RoleKeys
from tests.examples import examples
from tests.member.conftest import DECEMBER, ledger

VECTORS = json.loads(
    (Path(__file__).resolve().parents[1] / "vectors" / "keys.json").read_text(encoding="utf-8")
)
FIRM = "00010203-0405-4607-8809-0a0b0c0d0e0f"
KEYS = RoleKeys(names=b"n" * 32, ledger=b"l" * 32)


def upload(seed: str, replaces: bytes = bytes(32), month: int = DECEMBER) -> bytes:
    """Some canonical upload of a month, another one for every seed."""
    _, rows = ledger([1]).months[DECEMBER]
    rows = rows.copy()
    rows["sales"] = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:4])
    return encode(Upload(bytes(16), month, "EUR", replaces, bytes(32), rows))


def one(number: int, **known) -> Client:
    return Client(number, f"Client {number}", f"fr.siren:{number:09d}", bytes([number]) * 32, **known)


def contents(*clients: Client, **sent: bytes) -> Contents:
    return Contents(
        {client.identifier: client for client in clients},
        {int(month.removeprefix("m")): data for month, data in sent.items()},
    )


def unknown(_month: int) -> bytes | None:
    return None


@pytest.mark.parametrize("case", VECTORS["book_heads"], ids=["first", "second"])
def test_a_head_is_read_and_written_as_the_page_does(case):
    encoded = base64.b64decode(case["head"])
    head = book.read_head(encoded)
    before = base64.b64decode(case["previous"]) if case["previous"] else None
    assert book.head_bytes(head.sequence, before, head.segments, head.device) == encoded
    assert head.previous == (hashlib.sha256(before).hexdigest() if before else book.NO_PREVIOUS)


def test_a_books_clients_are_written_as_the_page_reads_them():
    client = Client(
        3, "Verrerie", "fr.siren:100000009", b"\x07" * 32, "Gien", 3, 5, 45, 1, False, ("C1", "C2")
    )
    assert json.loads(book.names_plain([client])) == {
        "clients": [
            {
                "id": 3,
                "name": "Verrerie",
                "identifier": "fr.siren:100000009",
                "pseudonym": base64.b64encode(b"\x07" * 32).decode(),
                "city": "Gien",
                "sector": 3,
                "region": 5,
                "terms_days": 45,
                "terms_kind": 1,
                "confidential": False,
                "accounts": ["C1", "C2"],
            }
        ]
    }


def test_what_was_sealed_is_opened_again_and_only_what_changed_is_sealed():
    before = contents(one(1), m24300=upload("a", month=24300))
    after = contents(one(1), one(2), m24300=upload("a", month=24300), m24301=upload("b", month=24301))
    sealed = book.seal_changes(before, after, KEYS, FIRM)
    assert set(sealed) == {"names", "ledger/2025-02"}
    sealed |= book.seal_changes(Contents(), before, KEYS, FIRM) | sealed
    head = book.Head(1, "", {name: hashlib.sha256(data).hexdigest() for name, data in sealed.items()}, "")
    assert book.open_book(head, sealed.__getitem__, KEYS, FIRM, Version()) == after


def test_a_role_without_the_ledgers_key_reads_names_alone():
    whole = contents(one(1), m24300=upload("a", month=24300))
    sealed = book.seal_changes(Contents(), whole, KEYS, FIRM)
    head = book.Head(1, "", {name: hashlib.sha256(data).hexdigest() for name, data in sealed.items()}, "")
    found = book.open_book(head, sealed.__getitem__, RoleKeys(names=KEYS.names), FIRM, Version())
    assert found == contents(one(1))


@pytest.mark.parametrize(
    "swap",
    [
        lambda sealed: {**sealed, "names": sealed["names"][:-1] + bytes([sealed["names"][-1] ^ 1])},
        lambda sealed: {**sealed, "ledger/2025-01": sealed["ledger/2025-02"]},
    ],
)
def test_a_segment_that_the_head_does_not_name_is_refused(swap):
    whole = contents(one(1), m24300=upload("a", month=24300), m24301=upload("b", month=24301))
    sealed = book.seal_changes(Contents(), whole, KEYS, FIRM)
    head = book.Head(1, "", {name: hashlib.sha256(data).hexdigest() for name, data in sealed.items()}, "")
    with pytest.raises(NotOpened):
        book.open_book(head, swap(sealed).__getitem__, KEYS, FIRM, Version())


def test_a_month_under_another_months_name_is_refused_even_when_the_head_says_so():
    sealed = book.seal_changes(Contents(), contents(m24300=upload("a", month=24300)), KEYS, FIRM)
    moved = {"ledger/2025-02": sealed["ledger/2025-01"]}
    head = book.Head(1, "", {"ledger/2025-02": hashlib.sha256(moved["ledger/2025-02"]).hexdigest()}, "")
    with pytest.raises(NotOpened):
        book.open_book(head, moved.__getitem__, KEYS, FIRM, Version())


# ---- a file's clients


def found(number: int, name: str, **known) -> ImportedClient:
    return ImportedClient(f"C{number}", name, f"fr.siren:{number:09d}", **known)


def test_a_file_adds_to_what_is_known_and_forgets_nothing():
    before = contents(one(1, city="Gien", sector=3, terms_days=30, accounts=("OLD",), confidential=True))
    after = book.with_imported(
        before, [found(1, "New name"), found(2, "Second")], {"fr.siren:000000002": b"p" * 32}
    )
    first, second = after.clients["fr.siren:000000001"], after.clients["fr.siren:000000002"]
    assert (first.name, first.city, first.sector, first.terms_days) == ("New name", "Gien", 3, 30)
    assert first.accounts == ("OLD", "C1")
    assert first.confidential
    assert first.pseudonym == b"\x01" * 32
    assert (second.id, second.pseudonym) == (2, b"p" * 32)


def test_an_account_number_does_not_replace_a_name():
    after = book.with_imported(contents(one(1)), [found(1, "C1")], {})
    assert after.clients["fr.siren:000000001"].name == "Client 1"


# ---- two devices


def test_what_two_devices_added_is_kept_under_numbers_of_its_own():
    base = contents(one(1))
    mine = contents(one(1), one(2))
    theirs = contents(one(1), msgspec.structs.replace(one(3), id=2))
    both = merge(base, mine, theirs, unknown)
    assert set(both.clients) == {one(number).identifier for number in (1, 2, 3)}
    assert len({client.id for client in both.clients.values()}) == 3


def test_a_field_that_one_device_changed_is_not_undone_by_the_other():
    base = contents(one(1, city="Gien"))
    mine = contents(one(1, city="Gien", confidential=True, accounts=("A",)))
    theirs = contents(one(1, city="Briare", sector=3, accounts=("B",)))
    client = merge(base, mine, theirs, unknown).clients[one(1).identifier]
    assert (client.city, client.sector, client.confidential) == ("Briare", 3, True)
    assert set(client.accounts) == {"A", "B"}


def test_a_mark_that_this_device_took_away_stays_away():
    base = theirs = contents(one(1, confidential=True))
    merged = merge(base, contents(one(1)), theirs, unknown)
    assert not merged.clients[one(1).identifier].confidential


def test_of_a_month_sent_by_both_the_upload_that_replaced_the_other_stays():
    older = upload("older")
    newer = upload("newer", digest(older))
    for mine, theirs in ((older, newer), (newer, older)):
        merged = merge(Contents(), Contents({}, {DECEMBER: mine}), Contents({}, {DECEMBER: theirs}), unknown)
        assert merged.sent[DECEMBER] == newer


def test_of_two_unrelated_uploads_the_networks_current_one_stays():
    mine, theirs = upload("mine"), upload("theirs")
    for current in (mine, theirs):
        merged = merge(
            Contents(),
            Contents({}, {DECEMBER: mine}),
            Contents({}, {DECEMBER: theirs}),
            lambda _month, now=current: digest(now),
        )
        assert merged.sent[DECEMBER] == current


def test_an_account_that_one_device_gave_to_another_client_does_not_come_back():
    base = contents(one(1, accounts=("A", "B")), one(2))
    mine = contents(one(1, accounts=("B",)), one(2, accounts=("A",)))
    theirs = contents(one(1, city="Gien", accounts=("A", "B", "C")), one(2))
    for left, right in ((mine, theirs), (theirs, mine)):
        merged = merge(base, left, right, unknown)
        accounts = {client.id: set(client.accounts) for client in merged.clients.values()}
        assert accounts == {1: {"B", "C"}, 2: {"A"}}


def test_a_client_that_one_device_forgot_stays_forgotten_unless_the_other_changed_it():
    base = contents(one(1), one(2))
    forgot = contents(one(1))
    assert set(merge(base, forgot, base, unknown).clients) == {one(1).identifier}
    assert set(merge(base, base, forgot, unknown).clients) == {one(1).identifier}
    changed = contents(one(1), one(2, city="Gien"))
    assert len(merge(base, forgot, changed, unknown).clients) == 2
    assert len(merge(base, changed, forgot, unknown).clients) == 2


clients = some.dictionaries(
    some.integers(1, 6),
    some.builds(
        lambda city, sector, accounts: {"city": city, "sector": sector, "accounts": tuple(accounts)},
        some.sampled_from([None, "Gien", "Briare"]),
        some.integers(0, 3),
        some.lists(some.sampled_from("ABC"), unique=True),
    ),
)


def as_contents(made: dict, base: dict) -> Contents:
    """A device that started from `base` and only adds."""
    return contents(*(one(number, **known) for number, known in {**base, **made}.items()))


@examples(30)
@given(clients, clients, clients)
def test_no_merge_loses_a_client_or_an_account(base, mine, theirs):
    start, left, right = as_contents({}, base), as_contents(mine, base), as_contents(theirs, base)
    both = merge(start, left, right, unknown)
    for side, other in ((left, right), (right, left)):
        for identifier, client in side.clients.items():
            if client != start.clients.get(identifier):
                before = start.clients.get(identifier, client).accounts
                given_away = set(before) - set(other.clients.get(identifier, client).accounts)
                assert set(client.accounts) - given_away <= set(both.clients[identifier].accounts)
    numbers = [client.id for client in both.clients.values()]
    assert len(set(numbers)) == len(numbers)
    assert merge(start, left, start, unknown).clients.keys() == left.clients.keys()
