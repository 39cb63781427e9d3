"""A firm that thinks of joining learns in words and euros what would be compared; nothing stays behind."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import httpx
import numpy as np
import pytest

from benchmark.upload import month_text
from member.network import Network
from member.overlap import amounts_of, ask, chosen
from member.pseudonyms import pseudonyms_of
from member.refusals import InputRefused, NetworkRefused, Unreachable
from privacy import overlap
from tests.conftest import TODAY
from tests.leaks.search import Search
from tests.leaks.spellings import of_identifier
from tests.member.conftest import HASTY, Firms, Tampering, ledger, rewriting, siren
from tests.member.test_cli import HEADINGS, Keyboard
from tests.server.kit import Network as Kit
from tests.server.kit import make_rows
from tests.server.test_overlap import day

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Launcher

FIRST = TODAY.year * 12 + TODAY.month
KNOWN = [f"fr.siren:{siren(number)}" for number in range(40)]
UNKNOWN = [f"fr.siren:{siren(number)}" for number in range(100, 140)]


@pytest.fixture(scope="module")
def published(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firms]:
    """Six firms sell to forty clients, and a month of it is published."""
    server = launch_for_module("sqlite")
    server.set_today(day(FIRST - 1, 1))
    made = Firms(server, tmp_path_factory.mktemp("homes"))
    names = sorted(pseudonyms_of(made.firm(home=False), KNOWN).values())
    kit = Kit(server)
    firms = [kit.firm(f"Firm {number} (fictional)", portfolio=len(names)) for number in range(6)]
    for month in (FIRST - 1, FIRST):
        server.set_today(day(month, 5))
        for number, firm in enumerate(firms):
            assert firm.send(firm.encode(month, make_rows(names, 3 * number))).status_code == 200
    server.set_today(day(FIRST, 12))
    server.release(month_text(FIRST))
    kit.close()
    yield made
    made.close()


def invited(firms: Firms, most: int = 200) -> str:
    with firms.server.operator() as operator:
        body = {"name": "Candidate (fictional)", "identifiers_max": most}
        answer = operator.post("/api/operator/candidates", json=body)
    return str(answer.json()["invitation"])


@pytest.fixture
def way(published: Firms) -> Iterator[tuple[Network, Tampering]]:
    transport = Tampering()
    network = Network(published.server.url, transport, patience=HASTY)
    yield network, transport
    network.close()


def euros(known: int, unknown: int) -> dict[str, int]:
    return dict.fromkeys(KNOWN, known * 100) | dict.fromkeys(UNKNOWN, unknown * 100)


def test_the_band_holds_the_share_of_the_outstanding_amount(published, way, tmp_path) -> None:
    network, _ = way
    # Four standard deviations of the noise, and the band's own width, on either side of 25 points.
    found = ask(network, invited(published), euros(1_000, 3_000), tmp_path)
    assert -1 <= found.from_points <= 25 + 16
    assert found.to_points >= 25 - 16
    assert (found.clients, found.month, found.total_cents) == (80, month_text(FIRST), 16_000_000)
    assert found.counted_cents == found.total_cents
    assert found.cents == (160_000 * found.from_points, 160_000 * found.to_points)
    assert list(tmp_path.iterdir()) == []


def test_a_large_client_counts_for_a_fiftieth_and_that_is_said(published, way, tmp_path) -> None:
    network, transport = way
    sent: list[bytes] = []
    transport.before = lambda request: sent.append(request.read())
    amounts = euros(1_000, 1_000) | {KNOWN[0]: 900_000_000}
    found = ask(network, invited(published), amounts, tmp_path)
    assert found.cap_cents == overlap.cap(list(amounts.values())) < 900_000_000
    assert found.counted_cents < found.total_cents
    # No identifier in any spelling, and no amount, is in anything that left.
    patterns: dict[bytes, str] = {}
    for one in amounts:
        patterns |= of_identifier(one.removeprefix("fr.siren:"))
    search, left = Search(patterns), b"\0\0".join(sent)
    assert search.look(left, "what left") == []
    assert search.look(left + KNOWN[0].encode(), "planted")  # the search does find what is there
    assert b"900000000" not in left


def test_without_amounts_heads_are_counted(published, way, tmp_path) -> None:
    network, _ = way
    found = ask(network, invited(published), dict.fromkeys([*KNOWN, *UNKNOWN], 0), tmp_path)
    assert (found.cap_cents, found.total_cents) == (0, 0)
    assert 30 <= found.from_points <= 60


def test_an_interrupted_question_goes_on_and_asks_nothing_twice(published, way, tmp_path) -> None:
    network, transport = way
    invitation = invited(published)

    def cut(request: httpx.Request, status: int, _body: bytes) -> bytes | None:
        if request.url.path == "/api/overlap/answers":
            raise httpx.ReadError("the connection broke")
        return None

    transport.change = cut
    with pytest.raises(Unreachable):
        ask(network, invitation, euros(1, 1), tmp_path)
    (begun,) = tmp_path.iterdir()
    assert begun.stat().st_mode & 0o077 == 0
    asked = transport.count("POST /api/holder/evaluations")
    transport.change = None
    # Other amounts now change nothing: the set that was begun is the one that is asked about.
    found = ask(network, invitation, euros(9, 1), tmp_path)
    assert transport.count("POST /api/holder/evaluations") == asked
    assert found.total_cents == 80 * 100
    assert not begun.exists()
    with pytest.raises(NetworkRefused) as refused:
        ask(network, invitation, euros(1, 1), tmp_path)
    assert refused.value.code == "invitation"


def test_what_cannot_be_asked_is_said_before_anything_leaves(published, way, tmp_path) -> None:
    network, transport = way
    with pytest.raises(InputRefused) as refused:
        ask(network, invited(published), dict.fromkeys(KNOWN, 1), tmp_path)
    assert refused.value.code == "overlap-few"
    invitation = invited(published)
    (tmp_path / f"overlap-{invitation.partition('.')[0]}.json").write_bytes(b"damaged")
    with pytest.raises(InputRefused) as refused:
        ask(network, invitation, euros(1, 1), tmp_path)
    assert refused.value.code == "overlap-file"
    assert transport.asked == []


def test_holders_that_keep_lists_of_their_own_are_named_to_be_asked(published, way, tmp_path) -> None:
    network, transport = way
    invitation = invited(published)

    def forget(request: httpx.Request) -> None:
        """As at holders who were not told of the candidate."""
        if request.url.path == "/api/holder/evaluations":
            rows = sqlite3.connect(published.server.database_url.removeprefix("sqlite:///"))
            with rows:
                rows.execute("DELETE FROM holder_firm WHERE firm = ?", (invitation.partition(".")[0],))
            rows.close()

    transport.before = forget
    with pytest.raises(InputRefused) as refused:
        ask(network, invitation, euros(1, 1), tmp_path)
    assert refused.value.code == "overlap-holders"
    assert invitation.partition(".")[0] in refused.value.tell("fr")


def test_an_answer_that_is_no_band_is_not_believed(published, way, tmp_path) -> None:
    network, transport = way
    transport.change = rewriting("POST /api/overlap/answers", lambda body: body.update(to_points=250))
    with pytest.raises(Unreachable):
        ask(network, invited(published), euros(1, 1), tmp_path)


def test_amounts_are_the_last_months_and_confidential_clients_stay_out() -> None:
    imported = ledger([1, 2, 3], euros=10)
    imported.clients[1] = type(imported.clients[1])(**{**_fields(imported.clients[1]), "confidential": True})
    places, rows = imported.months[max(imported.months)]
    rows["outstanding"] = np.arange(1, 4) * 100
    assert amounts_of(imported) == {f"fr.siren:{siren(1)}": 100, f"fr.siren:{siren(3)}": 300}
    assert amounts_of(type(imported)()) == {}
    assert len(places) == 3


def _fields(client) -> dict:
    return {name: getattr(client, name) for name in client.__dataclass_fields__}


def test_of_too_many_clients_the_largest_are_asked_about() -> None:
    amounts = {f"fr.siren:{number:09d}": number for number in range(overlap.IDENTIFIERS_MAX + 10)}
    found = chosen(amounts)
    assert len(found) == overlap.IDENTIFIERS_MAX
    assert min(found.values()) == 10


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_command_answers_in_words_and_euros(published, tmp_path: Path, lang: str) -> None:
    rows = [
        f"C{number};Client {number} (fictif);{siren(number)};05/12/2025;30/01/2026;{1000 + number},00;"
        for number in (*range(40), *range(100, 140))
    ]
    path = tmp_path / "ledger.csv"
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    keyboard = Keyboard(tmp_path / "home", VIGIE_LANG=lang)
    done = keyboard.type("overlap", published.server.url, invited(published), path, "--yes")
    assert done.exit_code == 0, done.output
    expected = (
        "% de votre encours seraient comparés" if lang == "fr" else "% of your outstanding amount would be"
    )
    assert expected in done.stdout
    assert "€" in done.stdout
    told = json.loads(
        keyboard.type("overlap", published.server.url, invited(published), path, "--yes", "--json").stdout
    )
    assert told["to_percent"] - told["from_percent"] == overlap.BAND_POINTS
    assert told["outstanding_cents"] == sum(
        (1000 + number) * 100 for number in (*range(40), *range(100, 140))
    )
