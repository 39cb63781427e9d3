"""docs/policy.md: its tables are those of the code and of the figures measured."""

from __future__ import annotations

import json

from privacy.policy_table import renewed
from server.policy_page import PAGE, measured, write


def test_the_tables_of_the_page_are_current() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert renewed(text, measured()) == text, "run: make policy"


def test_measured_figures_reach_the_page_and_a_page_that_is_current_is_left_alone(tmp_path) -> None:
    page, figures = tmp_path / "policy.md", tmp_path / "costs.json"
    page.write_text("<!-- generated: costs -->\n<!-- end -->\n", encoding="utf-8")
    assert write(page, figures)
    assert "not measured yet" in page.read_text(encoding="utf-8")
    figures.write_text(
        json.dumps([{"rule": 0, "off": "", "profile": "standard-1", "covered": 0.95}]), encoding="utf-8"
    )
    assert write(page, figures)
    assert "| standard-1 |  | nothing | 0.95 |" in page.read_text(encoding="utf-8")
    assert not write(page, figures)
