"""A past month that changes is shown client by client before it is sent; and what leaves, in the clear."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmark.upload import FIELD_BIT, ROW_DTYPE, Upload, encode, month_index
from member.book import Client, Contents
from member.difference import FIELD_WORDS, FIELDS, clear_csv, clear_rows, differences, lines, past, shown
from member.push import MonthChange
from tests.conftest import Launcher
from tests.member.conftest import Firms
from tests.member.test_cli import Keyboard, enrolled, ledger_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOVEMBER, DECEMBER = month_index(2025, 11), month_index(2025, 12)
FOUND = b"\x01" * 32


def upload(month: int, **figures: dict[str, int]) -> bytes:
    rows = np.zeros(len(figures), ROW_DTYPE)
    for at, (name, values) in enumerate(sorted(figures.items())):
        rows["pseudonym"][at] = np.frombuffer(name.encode() * 32, "V32")[0]
        for field, value in values.items():
            rows[field][at] = value
            rows["present"][at] |= FIELD_BIT[field]
    return encode(
        Upload(firm=bytes(16), month=month, currency="EUR", replaces=bytes(32), key=bytes(32), rows=rows)
    )


def change(month: int, encoded: bytes, *, fresh: bool = False, **counts: int) -> MonthChange:
    return MonthChange(
        month, encoded, bytes(32) if fresh else FOUND, 1, **{"added": 0, "changed": 1, "removed": 0, **counts}
    )


CLIENTS = {
    f"fr.siren:{name}": Client(at, f"Client {name.upper()}", f"fr.siren:{name}", name.encode() * 32)
    for at, name in enumerate("abc", 1)
}
BEFORE = Contents(
    CLIENTS,
    {NOVEMBER: upload(NOVEMBER, a={"sales": 100_00, "paid": 50_00}, b={"sales": 200_00}, c={"sales": 1})},
)


def test_added_changed_and_left_out_clients_are_named_with_what_differs():
    after = upload(
        NOVEMBER, a={"sales": 100_00, "paid": 60_00, "disputed": 10_00}, c={"sales": 1}, d={"sales": 5}
    )
    found = differences(BEFORE, BEFORE, [change(NOVEMBER, after, added=1, removed=1)])
    assert [(one.client, one.kind) for one in found] == [
        ("?", "added"),
        ("Client A", "changed"),
        ("Client B", "removed"),
    ]
    assert found[1].fields == {"paid": (50_00, 60_00), "disputed": (None, 10_00)}
    assert lines(found, "en")[1] == "  2025-11  Client A: paid 50.00 EUR → 60.00 EUR; disputed – → 10.00 EUR"
    assert lines(found, "fr")[1] == "  2025-11  Client A: payé 50,00 € → 60,00 €; en litige – → 10,00 €"
    assert lines(found, "fr")[2].endswith("retiré")


def test_a_month_that_was_never_sent_is_no_difference():
    fresh = change(DECEMBER, upload(DECEMBER, a={"sales": 1}), fresh=True, added=1)
    same = change(NOVEMBER, BEFORE.sent[NOVEMBER], changed=0)
    assert past([fresh, same]) == []
    assert differences(BEFORE, BEFORE, [fresh, same]) == []


def test_every_field_that_can_leave_has_words_and_a_manner():
    assert set(FIELD_WORDS) == {name for name, _ in FIELDS}
    assert shown("paid_days_late", 123_456_00, "fr") == "123 456 €·j"
    assert shown("dso", 455, "en") == "45.5 d"
    assert shown("incident", 4, "en") == "litigation"
    assert shown("sector", None, "fr") == "–"
    assert shown("terms_days", 30, "fr") == "30"


def test_what_leaves_in_the_clear_is_each_row_with_its_clients_name():
    names = Contents({"x": Client(1, "=SUM(A1)", "x", b"a" * 32)})
    rows = clear_rows(names, [change(NOVEMBER, BEFORE.sent[NOVEMBER])])
    assert [(row["client"], row["sales"]) for row in rows] == [("=SUM(A1)", 100_00), ("?", 200_00), ("?", 1)]
    table = list(csv.DictReader(io.StringIO(clear_csv(rows).decode("utf-8-sig")), delimiter=";"))
    assert table[0]["client"] == "'=SUM(A1)"
    assert (table[0]["paid"], table[1]["paid"]) == ("5000", "")


# ---- at the keyboard


@pytest.fixture(scope="module")
def keyboard(launch_for_module: Launcher, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keyboard]:
    network = Firms(launch_for_module("sqlite"), tmp_path_factory.mktemp("homes"))
    made = enrolled(network)
    done = made.type("push", ledger_file(tmp_path_factory.mktemp("files"), [1, 2]))
    assert done.exit_code == 0, done.output
    yield made
    network.close()


def test_preview_and_push_show_the_difference_before_it_is_sent(keyboard: Keyboard, tmp_path: Path) -> None:
    changed = ledger_file(tmp_path, [1, 2], amount="2000,00")
    seen = keyboard.type("preview", changed)
    assert "Sent before and different now: 6 figures of clients in 3 months." in seen.stdout
    assert "2025-10  Client 1 (fictional): invoiced 1,000.00 EUR → 2,000.00 EUR" in seen.stdout
    told = json.loads(keyboard.type("preview", changed, "--json").stdout)
    assert told["changed_past"][0]["fields"]["sales"] == {"before": 100_000, "after": 200_000}
    out = tmp_path / "leaves.csv"
    assert keyboard.type("preview", changed, "--write", out).exit_code == 0
    assert out.read_text(encoding="utf-8-sig").count("Client 2 (fictional)") == 3
    assert keyboard.type("preview", changed, "--write", out).exit_code == 3
    assert "Client 2 (fictional) (fr.siren:" in keyboard.type("preview", changed, "--clear").stdout
    sent = keyboard.type("push", changed)
    assert sent.stdout.index("different now") < sent.stdout.index("Sent: 3 months")
    assert "different now" not in keyboard.type("preview", changed).stdout
    told = json.loads(keyboard.type("push", ledger_file(tmp_path, [1, 2]), "--json").stdout)
    assert len(told["changed_past"]) == 6
