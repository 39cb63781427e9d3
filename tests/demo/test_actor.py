"""A fictional firm works with the real agent: what it keeps is what `vigie` would keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo import ledgers
from demo.actor import Actor
from demo.stage import StageRefused
from tests.demo.conftest import Lived


def test_a_firms_home_holds_its_book_with_names_and_pseudonyms(lived: Lived) -> None:
    member = lived.member(0)
    book = member.shelf.sync(member)
    names = {client.name for client in lived.plan.clients}
    assert {client.name for client in book.clients.values()} <= names
    assert all(len(client.pseudonym) == 32 for client in book.clients.values())
    months = range(lived.plan.scale.first_month, lived.plan.scale.first_month + lived.plan.scale.months)
    assert set(months) <= set(book.sent)
    member.network.close()


def test_a_refusal_names_the_firm(lived: Lived) -> None:
    written = ledgers.write(lived.plan)
    month = lived.plan.scale.first_month
    firm = Actor(
        "A stranger", "a@stranger.example", month, lambda at: ledgers.ledger(lived.plan, written, 1, at)
    )
    with pytest.raises(StageRefused, match="A stranger"):
        firm.join(lived.stage.url, "00000000-0000-4000-8000-000000000000.none")


def test_a_firm_declares_the_clients_it_has_and_a_few_more(lived: Lived) -> None:
    written = ledgers.write(lived.plan)
    month = lived.plan.scale.first_month
    firm = Actor("A firm", "a@firm.example", month, lambda at: ledgers.ledger(lived.plan, written, 1, at))
    clients, _ = ledgers.ledger(lived.plan, written, 1, month)
    assert len(clients) < firm.portfolio() <= max(10, 1.1 * len(clients) + 1)


def test_what_is_kept_is_for_this_user_alone(lived: Lived) -> None:
    files = [path for path in (lived.stage.folder / "members").rglob("*") if path.is_file()]
    secret = [path for path in files if path.name != "book" and not Path(path).name.startswith("head")]
    assert secret
    assert all(path.stat().st_mode & 0o077 == 0 for path in secret), [path.name for path in secret]
