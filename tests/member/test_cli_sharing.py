"""What a release says of a client beside days is told with its name; a firm chooses to share its terms."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from member.cli_views import line_json, show_portfolio
from member.portfolio import assemble
from member.releases import Published
from privacy.disclosure import TERMS
from tests.member.test_cli import enrolled
from tests.member.test_portfolio import DECEMBER, book, published

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Launcher

SECTOR = {"days_late": 17, "dso": None, "band": 2}


def told(**columns: int) -> Published:
    """A release of the first client alone; the second one's sector is published."""
    base = published(12)
    cells = base.cells[DECEMBER].copy()
    for name, value in columns.items():
        cells[name] = value
    return Published(base.manifests, {DECEMBER: cells}, {}, {DECEMBER: {0: SECTOR}})


def test_incident_and_terms_stand_beside_the_client_and_its_sector_where_it_is_suppressed() -> None:
    shares = dict(zip(TERMS, (1, 3, 1, 2), strict=True))
    compared, suppressed = sorted(
        assemble(book(), told(incident=1, **shares)).lines, key=lambda line: line.suppressed
    )
    assert (compared.incident, compared.terms) == (True, (1, 3, 1, 2))
    assert (suppressed.incident, suppressed.terms, suppressed.sector) == (False, None, SECTOR)
    assert line_json(compared, "en")["terms"] == "30: <25%, 45: 50-75%, 60: <25%, 60+: 25-50%"
    assert line_json(suppressed, "en")["sector_days_late"] == 17
    assert assemble(book(), told()).lines[0].terms is None


def test_the_table_says_so_in_both_languages(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")
    found = assemble(book(), told(incident=1, terms_30=4, terms_45=1, terms_60=1, terms_more=1))
    for lang, words in (
        ("en", ("incident: at least 5 firms", "terms a year ago", "its sector 17 d")),
        ("fr", ("incident : 5 entreprises", "délais il y a un an", "son secteur 17 j")),
    ):
        show_portfolio(found, found.lines, 0, lang)
        shown = " ".join(capsys.readouterr().out.split())
        assert all(text in shown for text in words), shown


def test_terms_are_shared_when_the_firm_says_so_and_no_longer_when_it_says_so(
    launch: Launcher, tmp_path: Path
) -> None:
    from tests.member.conftest import Firms

    firms = Firms(launch("sqlite"), tmp_path)
    keyboard = enrolled(firms)
    assert "does not share" in keyboard.type("terms-sharing").stdout
    assert "ten such firms" in keyboard.type("terms-sharing", "on").stdout
    assert json.loads(keyboard.type("terms-sharing", "--json").stdout) == {"shares": True, "published": True}
    assert "ne partage pas" in keyboard.type("terms-sharing", "off", "--lang", "fr").stdout
    assert keyboard.type("terms-sharing", "maybe").exit_code == 2
    firms.close()
