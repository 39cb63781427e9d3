"""What the page says is what was measured: every figure comes from the results that are kept."""

import json
from xml.etree import ElementTree as ET

import pytest

from privacy.profiles import PROFILES
from tests.attacks import document
from tests.attacks.bars import CEILINGS
from tests.attacks.plot import plot

KEPT = [json.loads(path.read_text("utf-8")) for path in (document.RESULTS, document.FRONTIER, document.COSTS)]


def test_the_page_is_the_one_that_the_results_write() -> None:
    page = document.PAGE.read_text("utf-8")
    assert document.filled(page, *KEPT) == page
    assert document.PLOT.read_text("utf-8") == plot(KEPT[1])


def test_the_results_kept_are_of_every_profile_as_it_is_and_hold() -> None:
    results = {one["policy"]: one for one in KEPT[0]}
    assert set(results) == set(PROFILES)
    for name, one in results.items():
        assert one["fingerprint"] == PROFILES[name].fingerprint().hex()
        assert one["failures"] == []
        worst = [row for row in one["scores"] if row["judged"] and row["within_days"] != 1.0]
        assert all(row["high"] < CEILINGS[row["judged"]] for row in worst)


def test_a_page_without_a_place_for_a_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no place for"):
        document.filled("nothing", *KEPT)


def test_the_plot_is_a_picture() -> None:
    assert ET.fromstring(plot(KEPT[1])).tag.endswith("svg")
