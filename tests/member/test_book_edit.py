"""What a person changes in the book changes that and nothing else; what she exports is all of it."""

from __future__ import annotations

import csv
import io
import json

import numpy as np

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Upload, encode, month_index
from member.book import Client, Contents
from member.book_edit import export_csv, export_json, parties_of_book, with_identified, without_clients
from member.identify import Decided
from member.imported import Account
from tests.member.conftest import siren

JANUARY = month_index(2026, 1)
PSEUDONYM = b"p" * 32


def identifier(number: int) -> str:
    return f"fr.siren:{siren(number)}"


def sent() -> bytes:
    rows = np.zeros(2, ROW_DTYPE)
    rows["pseudonym"] = np.frombuffer(PSEUDONYM + b"q" * 32, "V32")
    rows["sales"] = [100, 200]
    rows["present"] = FIELD_BIT["sales"]
    return encode(
        Upload(firm=bytes(16), month=JANUARY, currency="EUR", replaces=bytes(32), key=bytes(32), rows=rows)
    )


BOOK = Contents(
    {
        identifier(1): Client(1, "=Alpha", identifier(1), PSEUDONYM, accounts=("0411A", "411B")),
        identifier(2): Client(2, "Beta", identifier(2), accounts=("411C",)),
    },
    {JANUARY: sent()},
)


def given(*pairs: tuple[str, str]) -> Contents:
    return with_identified(
        BOOK, [Decided(Account(account, f"Name of {account}"), to) for account, to in pairs]
    )


def accounts(contents: Contents) -> dict[str, tuple[str, ...]]:
    return {client.identifier: client.accounts for client in contents.clients.values()}


def test_a_new_account_of_a_known_client_joins_it():
    found = given(("411D", identifier(2)), ("411C", identifier(2)))
    assert accounts(found)[identifier(2)] == ("411C", "411D")
    assert found.clients[identifier(2)].name == "Beta"
    assert found.sent == BOOK.sent


def test_a_new_client_gets_a_number_of_its_own_and_no_pseudonym_yet():
    found = given(("411D", identifier(3)), ("411E", identifier(3)))
    made = found.clients[identifier(3)]
    assert (made.id, made.name, made.accounts, made.pseudonym) == (3, "Name of 411D", ("411D", "411E"), b"")


def test_an_account_has_one_client_and_can_have_none():
    assert accounts(given(("0411A", identifier(2)))) == {
        identifier(1): ("411B",),
        identifier(2): ("411C", "0411A"),
    }
    assert accounts(given(("0411A", "")))[identifier(1)] == ("411B",)


def test_a_natural_persons_account_is_kept_out_of_what_is_contributed():
    known = with_identified(BOOK, [Decided(Account("0411A", "Alpha"), identifier(1), confidential=True)])
    assert (known.clients[identifier(1)].confidential, accounts(known)) == (True, accounts(BOOK))
    fresh = with_identified(BOOK, [Decided(Account("411P", "M. Personne"), identifier(7), confidential=True)])
    assert fresh.clients[identifier(7)].confidential
    # A later decision about the account does not open her again.
    again = with_identified(fresh, [Decided(Account("411P", "M. Personne"), identifier(7))])
    assert again.clients[identifier(7)].confidential


def test_the_book_is_a_source_by_account_and_by_name():
    found = parties_of_book(BOOK)
    assert {(party.account, party.identifier) for party in found if party.account} == {
        ("0411A", identifier(1)),
        ("411B", identifier(1)),
        ("411C", identifier(2)),
    }
    assert {party.name for party in found if not party.account} == {"=Alpha", "Beta"}


def test_a_forgotten_client_leaves_the_names_and_not_what_was_sent():
    found = without_clients(BOOK, {identifier(1)})
    assert set(found.clients) == {identifier(2)}
    assert found.sent == BOOK.sent


def test_the_export_is_all_of_it_in_the_clear():
    told = json.loads(export_json(BOOK, "a firm"))
    assert [client["name"] for client in told["clients"]] == ["=Alpha", "Beta"]
    first, second = told["sent"]["2026-01"]
    assert (first["client"], first["sales"], first["dso"]) == ("=Alpha", 100, None)
    assert (second["client"], second["pseudonym"]) == ("", "71" * 32)
    rows = list(csv.DictReader(io.StringIO(export_csv(BOOK).decode("utf-8-sig")), delimiter=";"))
    assert [(row["client"], row["sales"], row["dso"]) for row in rows] == [
        ("'=Alpha", "100", ""),
        ("", "200", ""),
    ]
