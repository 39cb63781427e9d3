"""A conversation that the network has erased leaves the page: told by the line, without an alarm."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browser.talking import talk_between

pytestmark = pytest.mark.browser
MINE, PEER = 0, 1


def erase(network: Any, conversation: UUID) -> None:
    """As the server does when its year is over."""
    with closing(sqlite3.connect(network.folder / "vigie.sqlite3", timeout=30, isolation_level=None)) as base:
        for table in ("message", "conversation_epoch", "conversation_succession", "conversation_state"):
            base.execute(f"DELETE FROM {table} WHERE conversation = ?", (str(conversation),))
        base.execute("DELETE FROM conversation WHERE id = ?", (str(conversation),))


def test_a_conversation_that_is_gone_is_in_no_list_and_alarms_nobody(visit: Any, network: Any) -> None:
    conversation = talk_between(network, MINE, PEER, 2)
    # What the page was about to tell the firm's other devices of it, when it was erased, is refused.
    seen = visit(network.accounts[MINE], again=True, locale="en-GB", allowed=("404",))
    page = seen.page
    page.wait_for_selector("main h1")
    lines: list[Any] = []

    def pass_on(line: Any) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket("**/api/live", pass_on)
    page.reload()
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/conversations/{conversation}")
    page.fill("textarea", "the last word")
    page.press("textarea", "Enter")
    page.locator(".said li", has_text="the last word").first.wait_for()
    listed = page.locator(f'a.talk[href$="/{conversation}"]')
    expect(listed).to_have_count(1)
    erase(network, conversation)
    lines[-1].send(json.dumps({"type": "gone", "conversation": str(conversation)}))
    expect(listed).to_have_count(0)
    expect(page.locator("textarea")).to_have_count(0)
    page.reload()
    seen.allowed = ()
    page.wait_for_selector("a.talk")
    expect(listed).to_have_count(0)
    expect(page.locator("[role=alert]")).to_have_count(0)
