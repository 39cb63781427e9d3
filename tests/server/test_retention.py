"""Every table says how long its rows are kept, and the code named as the one that erases them exists."""

from __future__ import annotations

import importlib
import inspect

import pytest

from server.retention import KEPT
from server.tables import TABLES

NAMES = [str(table._meta.tablename) for table in TABLES]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_has_a_line_in_the_retention_table(name: str) -> None:
    assert name in KEPT, (
        f"{name}: say in server/retention.py what it holds and for how long, then: vigied privacy"
    )


def test_no_line_is_about_a_table_that_is_gone() -> None:
    assert set(KEPT) <= set(NAMES)


@pytest.mark.parametrize("name", [name for name, kept in KEPT.items() if kept.erased_by])
def test_what_is_said_to_erase_rows_deletes_them(name: str) -> None:
    module, _, function = (KEPT[name].erased_by or "").partition(":")
    station = importlib.import_module(module)
    assert hasattr(station, function)
    table = next(table for table in TABLES if table._meta.tablename == name).__name__
    source = inspect.getsource(station)
    ways = (f"{table}.delete()", f'("{name}", ', f"UPDATE {name} SET ", f"DELETE FROM {name} ")
    assert any(way in source for way in ways) or (table == "UploadPart" and "erase_payload(" in source)


@pytest.mark.parametrize("name", KEPT)
def test_a_line_says_in_both_languages_what_is_kept_and_until_when(name: str) -> None:
    kept = KEPT[name]
    texts = [*kept.holds, *(kept.period.after if kept.period else kept.until)]
    assert all(texts)
    assert kept.period is None or kept.period.count > 0
