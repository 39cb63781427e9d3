"""Changes that a person makes to the client book: whose an account is, what is forgotten, what is exported.

Pure: from contents to contents. Nothing here is sent; the shelf writes it, the next push tells the network.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final, Literal

import msgspec
import numpy as np

from benchmark.upload import FIELDS, decode, known, month_text
from member.book import Client, Contents
from member.client_list import account_key
from member.identify import Decided, Party
from member.identify_review import safe
from member.values import plain

EXPORT_FORMAT: Final = 1


def with_identified(contents: Contents, decided: Iterable[Decided]) -> Contents:
    """The book with accounts given to clients: one client for all accounts of one identifier.

    An account that was another client's leaves it. Identifiers new to the book get a pseudonym at the next
    push. Decisions that there is none ("") take the account away from whoever had it.
    """
    clients = dict(contents.clients)
    number = max((client.id for client in clients.values()), default=0)
    owner = {account_key(own): name for name, client in clients.items() for own in client.accounts}
    for one in decided:
        account, key = one.account.account, account_key(one.account.account)
        before = owner.get(key)
        if before == one.identifier and (not one.confidential or clients[before].confidential):
            continue
        if before is not None and before != one.identifier:
            kept = tuple(own for own in clients[before].accounts if account_key(own) != key)
            clients[before] = msgspec.structs.replace(clients[before], accounts=kept)
            del owner[key]
        if not one.identifier:
            continue
        client = clients.get(one.identifier)
        if client is None:
            number += 1
            client = Client(number, one.account.name or account, one.identifier, city=one.account.city)
        clients[one.identifier] = msgspec.structs.replace(
            client,
            accounts=client.accounts if before == one.identifier else (*client.accounts, account),
            confidential=one.confidential or client.confidential,
        )
        owner[key] = one.identifier
    return Contents(clients, contents.sent)


def parties_of_book(contents: Contents) -> list[Party]:
    """What the book knows, as a source of proposals: every account of every client, and every name."""
    found = []
    for client in contents.clients.values():
        named = Party("book", client.identifier, client.name, city=client.city or "")
        found.append(named)
        found += [
            Party("book", client.identifier, client.name, city=client.city or "", account=account)
            for account in client.accounts
        ]
    return found


def without_clients(contents: Contents, identifiers: Collection[str]) -> Contents:
    """The book without clients: their names are forgotten; what was sent of them stays sent."""
    kept = {name: client for name, client in contents.clients.items() if name not in identifiers}
    return Contents(kept, contents.sent)


def found_by(contents: Contents, text: str) -> list[Client]:
    """Clients whose name or town holds the text, or whose identifier or account is it."""
    wanted, bare = plain(text), account_key(text)
    return [
        client
        for client in sorted(contents.clients.values(), key=lambda one: plain(one.name))
        if wanted in plain(client.name)
        or wanted in plain(client.city or "")
        or client.identifier.endswith(f":{text.strip()}")
        or any(account_key(account) == bare for account in client.accounts)
    ]


def with_mark(contents: Contents, identifier: str, *, confidential: bool) -> Contents:
    """The book with a client marked confidential, or not: the next push takes it out of every month."""
    client = msgspec.structs.replace(contents.clients[identifier], confidential=confidential)
    return Contents({**contents.clients, identifier: client}, contents.sent)


def merged_with(contents: Contents, exported: bytes) -> Contents:
    """The book with the clients of an export, such as another home's. Raise ValueError where it is none.

    What the book knows stays; what it lacks is added: clients, accounts, towns, terms, marks of confidence.
    """
    try:
        found = msgspec.json.decode(exported, type=_Export)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from None
    clients = dict(contents.clients)
    number = max((client.id for client in clients.values()), default=0)
    for one in found.clients:
        own = clients.get(one.identifier)
        if own is None:
            number += 1
            clients[one.identifier] = one.client(number)
            continue
        added = {
            name: getattr(one, name)
            for name in ("city", "sector", "region", "terms_days", "terms_kind", "confidential")
            if not getattr(own, name)
        }
        accounts = tuple(dict.fromkeys((*own.accounts, *one.accounts)))
        clients[one.identifier] = msgspec.structs.replace(own, **added, accounts=accounts)
    return Contents(clients, contents.sent)


class _ExportedClient(Client, frozen=True):
    """As `export_json` writes it: the pseudonym in hexadecimal."""

    pseudonym: str = ""  # type: ignore[assignment]

    def client(self, number: int) -> Client:
        fields = {name: getattr(self, name) for name in Client.__struct_fields__}
        # Its pseudonym is asked for again: another network's would be of no use.
        return Client(**{**fields, "id": number, "pseudonym": b""})


class _Export(msgspec.Struct, frozen=True):
    format: Literal[1]
    clients: list[_ExportedClient]


# ---- export


def export_json(contents: Contents, firm: str) -> bytes:
    """Everything in the book, readable: clients with their identifiers, and every row that was sent."""
    clients = [_client_json(client) for client in sorted(contents.clients.values(), key=lambda one: one.id)]
    sent = {month_text(month): list(_rows(contents, month)) for month in sorted(contents.sent)}
    told: dict[str, Any] = {"format": EXPORT_FORMAT, "firm": firm, "clients": clients, "sent": sent}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _client_json(client: Client) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(client)
    return told | {"pseudonym": client.pseudonym.hex()}


def export_csv(contents: Contents) -> bytes:
    """One row a client and month sent, names and figures: semicolons, UTF-8 with BOM."""
    names = [name for name, _ in FIELDS]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(["month", "client", "identifier", "accounts", *names])
    for month in sorted(contents.sent):
        for row in _rows(contents, month):
            figures = ["" if row[name] is None else row[name] for name in names]
            accounts = " ".join(row["accounts"])
            line = [month_text(month), safe(row["client"]), row["identifier"], safe(accounts), *figures]
            writer.writerow(line)
    return out.getvalue().encode("utf-8-sig")


def _rows(contents: Contents, month: int) -> Sequence[dict[str, Any]]:
    by_pseudonym = contents.by_pseudonym()
    rows = decode(contents.sent[month]).rows
    present = {name: np.asarray(known(rows, name)) for name, _ in FIELDS}
    found = []
    for at, row in enumerate(rows):
        client = by_pseudonym.get(row["pseudonym"].tobytes())
        found.append(
            {
                "client": client.name if client else "",
                "identifier": client.identifier if client else "",
                "accounts": list(client.accounts) if client else [],
                "pseudonym": row["pseudonym"].tobytes().hex(),
                **{name: int(row[name]) if present[name][at] else None for name, _ in FIELDS},
            }
        )
    return found
