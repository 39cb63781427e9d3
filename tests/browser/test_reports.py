"""What a firm reports, the operator finds on the console, saves, and reads with `vigie transcript`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from member.cli import app
from member.conversing import Desk
from member.talk_keeping import report, take
from tests.browser.talking import home_of, talk_between
from tests.browser.views import seen_by_axe, settle

pytestmark = pytest.mark.browser
REPORTS, PEER = 0, 1


def test_the_operator_saves_a_reported_conversation_and_checks_of_which_it_is(
    visit: Any, network: Any, tmp_path: Path
) -> None:
    conversation = talk_between(network, REPORTS, PEER, 1)
    firm = home_of(network, REPORTS)
    try:
        name = firm.session.me().firm_name
        report(Desk.of(firm), conversation)
        brought = take(Desk.of(firm), conversation)
    finally:
        firm.close()
    page = visit(network.operator, locale="fr-FR", width=390, theme="dark").page
    row = page.locator("section[aria-labelledby=reports] tr", has_text=str(conversation))
    expect(row).to_contain_text(name)
    settle(page)
    assert not seen_by_axe(page)
    english = visit(network.operator, locale="en-GB").page
    row = english.locator("section[aria-labelledby=reports] tr", has_text=str(conversation))
    expect(row).to_contain_text("matches what this server held: 0 messages, all that there were")
    settle(english)
    assert not seen_by_axe(english)
    with english.expect_download() as saved:
        row.get_by_role("button").click()
    assert saved.value.suggested_filename == f"vigie-report-{conversation}.json"
    kept = tmp_path / "report.json"
    saved.value.save_as(kept)
    assert len(kept.read_bytes()) == len(brought)
    checked = CliRunner().invoke(app, ["transcript", str(kept), "--conversation", str(conversation)])
    assert checked.exit_code == 0, checked.output
    assert str(conversation) in checked.stdout
