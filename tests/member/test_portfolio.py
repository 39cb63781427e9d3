"""From enrolment to the portfolio: own figures beside published cells, with names, on a real network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmark.comparison import STANDARD, Balance, Cell, Month, compare
from benchmark.upload import month_text
from member.alerts_feed import Notice, notices, words
from member.answers import Alert
from member.book import Contents
from member.portfolio import Portfolio, assemble, read_portfolio
from member.push import push
from member.refusals import Untrusted
from member.releases import Published, read_kept, read_published
from privacy.disclosure import MISSING
from privacy.manifest import read
from tests.conftest import DATABASES
from tests.member.conftest import DECEMBER, Firms, client, ledger, lived_through, rewriting, transport_of
from tests.privacy.manifest_play import manifest

if TYPE_CHECKING:
    from member.keystore import Member
    from tests.conftest import Launcher

SHARED = [1, 2, 3]
OWN = 9


@pytest.fixture(scope="module", params=DATABASES)
def network(request, launch_for_module: Launcher, tmp_path_factory) -> Iterator[tuple[Firms, int]]:
    """Seven firms share three clients; a month is released."""
    firms = Firms(launch_for_module(request.param), tmp_path_factory.mktemp("homes"))
    members = [firms.firm(f"Firm {place} (fictional)", home=place == 0) for place in range(7)]
    push(members[0], ledger([OWN]))
    yield firms, lived_through(firms, members, SHARED, months=1)
    firms.close()


def test_a_released_month_stands_beside_own_figures(network: tuple[Firms, int]) -> None:
    firms, month = network
    found = read_portfolio(firms.members[0])
    assert (found.month, found.released, found.last_sent) == (month, True, month)
    by_name = {line.client.name: line for line in found.lines}
    assert set(by_name) == {client(number).name for number in (*SHARED, OWN)}
    shared = by_name[client(1).name]
    assert not shared.suppressed
    assert shared.facts.own == 5
    assert shared.facts.centre is not None
    assert shared.facts.gap == 5 - shared.facts.centre
    assert (found.compared, found.published) == (3, 3)
    assert set(found.network) == {"days_late", "dso", "band"}


def test_a_client_of_too_few_is_told_apart_from_zero(network: tuple[Firms, int]) -> None:
    firms, _ = network
    line = next(one for one in read_portfolio(firms.members[0]).lines if one.client.name == client(OWN).name)
    assert line.suppressed
    assert (line.facts.centre, line.facts.gap, line.band) == (None, None, 0)


def test_what_was_seen_of_the_chain_is_remembered_at_home(network: tuple[Firms, int]) -> None:
    firms, month = network
    member = firms.members[0]
    read_published(member)
    loaded, transport = firms.again(member)
    kept = read_kept(member)
    assert [read(one.manifest).month for one in kept] == [month_text(month)]
    transport.change = rewriting("GET /api/manifests", lambda manifests: manifests.pop())
    with pytest.raises(Untrusted) as refused:
        read_published(loaded)
    assert refused.value.code == "release-forked"


def test_a_network_cell_that_is_not_the_signed_one_is_refused(network: tuple[Firms, int]) -> None:
    firms, month = network
    member = firms.members[1]
    path = f"GET /api/releases/{month_text(month)}/cells"
    transport_of(member).change = rewriting(path, lambda cells: cells["network"].__setitem__("days_late", 99))
    with pytest.raises(Untrusted, match="network"):
        read_published(member)
    transport_of(member).change = None


# ---- pure: the book and what is published


def book(months: int = 6, late: int = 10) -> Contents:
    from benchmark.upload import Upload, encode
    from member.book import with_imported

    imported = ledger([1, 2], DECEMBER, months, late=late)
    pseudonyms = {one.identifier: bytes([at + 1]) * 32 for at, one in enumerate(imported.clients)}
    contents = with_imported(Contents(), imported.clients, pseudonyms)
    sent = {}
    for month, (place, rows) in imported.months.items():
        told = rows.copy()
        told["pseudonym"] = [list(pseudonyms.values())[at] for at in place]
        sent[month] = encode(Upload(bytes(16), month, "EUR", bytes(32), bytes(32), told))
    return Contents(contents.clients, sent)


def published(centre: int, months: int = 6) -> Published:
    import numpy as np

    from privacy.disclosure import CELL_DTYPE

    cells = np.zeros(1, CELL_DTYPE)
    cells["pseudonym"] = np.frombuffer(bytes([1]) * 32, "V32")
    cells["band"], cells["days_late"], cells["spread"], cells["dso"] = 3, centre, 2, 40
    span = range(DECEMBER - months + 1, DECEMBER + 1)
    return Published(dict.fromkeys(span, manifest(month_text(DECEMBER))), dict.fromkeys(span, cells), {})


def test_without_anything_sent_there_is_nothing_to_compare() -> None:
    found = assemble(Contents(), Published({}, {}, {}))
    assert (found.month, found.lines, found.compared) == (None, [], 0)


def test_before_the_first_release_own_figures_stand_alone() -> None:
    found = assemble(book(), Published({}, {}, {}))
    assert (found.month, found.released) == (DECEMBER, False)
    assert {line.facts.own for line in found.lines} == {10}
    assert all(line.suppressed for line in found.lines)


def test_a_published_client_of_whom_nothing_was_sent_lately_is_not_compared() -> None:
    found = assemble(Contents(book().clients, {}), published(-10))
    assert (found.published, found.compared) == (1, 0)
    assert assemble(book(), published(-10)).compared == 1


def test_whoever_pays_far_beyond_the_band_is_an_alert_of_ones_own() -> None:
    portfolio = assemble(book(late=24), published(-10))
    found = notices(portfolio, [])
    assert [(one.kind, one.client, one.own) for one in found] == [("outside", client(1).name, True)]
    assert (found[0].size_days, found[0].now_days) == (34, 34)
    assert found[0].ends_at_days == -8


def test_a_cell_of_which_days_late_are_not_published_has_no_centre() -> None:
    given = published(9)
    for cells in given.cells.values():
        cells["days_late"] = cells["spread"] = MISSING
    found = assemble(book(), given)
    line = next(line for line in found.lines if not line.suppressed)
    assert (line.facts.centre, line.facts.gap, line.facts.position) == (None, None, "unknown")
    assert notices(found, []) == []


def test_a_client_back_in_the_band_is_told_of_for_information() -> None:
    def at(own: float, raised_at: float = 30) -> Notice:
        cell = Cell(3, 10, 5)
        history = [Month(late, None, cell) for late in (raised_at, raised_at, own)]
        line = replace(
            assemble(book(), published(9)).lines[0], history=history, facts=compare(history, Balance())
        )
        (one,) = notices(Portfolio(DECEMBER, True, DECEMBER, [line], {}, 24), [])
        return one

    still, back, ending = at(32), at(17), at(14)
    assert (still.severity, still.returned, still.size_days, still.now_days) == ("act", False, 20, 22)
    assert words(still, "fr")[0].endswith(
        "22 jours plus tard que le centre de ses fournisseurs, au-dessus de leur bande depuis novembre 2025 "
        "(20 jours alors)."
    )
    assert (back.severity, back.returned, back.now_days, back.size_now) == ("info", True, 7, 7)
    assert "il vous paie 7 jours plus tard que leur centre, contre 20 jours plus tard" in words(back, "fr")[0]
    assert words(back, "fr")[1].endswith("deux mois de suite.")
    assert words(ending, "fr")[1].endswith("le mois prochain encore.")


def test_own_figures_raise_one_alert_at_most_of_a_client() -> None:
    cell = Cell(3, 10, 5)
    rising = [Month(late, None, cell) for late in (12, 12, 12, 12, 30, 36, 42)]
    history = [
        *rising,
        Month(44, None, None),
    ]  # above the band, slower than before, and nothing published now
    line = replace(
        assemble(book(), published(9)).lines[0], history=history, facts=compare(history, Balance())
    )
    assert line.facts.own_change is not None
    assert line.facts.own_change >= STANDARD.own_move_days
    (one,) = notices(Portfolio(DECEMBER, True, DECEMBER, [line], {}, 24), [])
    assert (one.kind, one.severity, one.now_days, one.ends_at_days) == ("outside", "watch", None, None)
    assert words(one, "en")[0].endswith("nothing can be compared this month.")


def test_an_alert_of_the_network_is_told_with_the_clients_name_and_others_are_not_shown() -> None:
    from uuid import UUID

    def alert(pseudonym: bytes) -> Alert:
        evidence = [("2025-12", 30)]
        return Alert(
            UUID(int=1),
            pseudonym,
            "2025-12",
            "shock",
            "act",
            18,
            0,
            "2025-11",
            "likely",
            "shock-4",
            12,
            True,
            evidence,
        )

    portfolio = assemble(book(), published(9))
    found = notices(portfolio, [alert(bytes([1]) * 32), alert(bytes([7]) * 32)])
    assert [(one.kind, one.client, one.size_days) for one in found] == [("shock", client(1).name, 18)]
    assert found[0].as_json()["identifier"] == client(1).identifier


def test_a_portfolio_begins_with_the_most_money_at_stake() -> None:
    found = assemble(book(), published(9))
    stakes = [line.facts.stake_cents for line in found.lines]
    assert stakes == sorted(stakes, reverse=True)


def test_own_figures_are_those_of_the_first_device_too(network: tuple[Firms, int]) -> None:
    firms, _ = network
    member: Member = firms.members[0]
    loaded, _ = firms.again(member)
    assert read_portfolio(loaded) == read_portfolio(member)
