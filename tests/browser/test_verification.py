"""A person checks the operator on the page, and sees it when the operator changes what was signed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import msgspec
import pytest
from playwright.sync_api import expect

from privacy import manifest as manifests
from privacy import signing
from tests.browser.views import seen_by_axe, settle

pytestmark = pytest.mark.browser


def says(page, verdict: str) -> None:
    expect(page.locator(".verdict h2")).to_have_text(verdict)


def open_screen(page, verdict: str = "Vérifié") -> None:
    page.wait_for_selector("main h1")
    if not page.locator(".foot a[href='#/verification']").is_visible():  # a phone has it behind a button
        page.locator(".more-button").click()
    page.locator("a[href='#/verification']:visible").click()
    says(page, verdict)


@contextmanager
def rewritten(network) -> Iterator[None]:
    """The newest manifest is another one for a while, signed by the network's and by its own holder's key."""
    with closing(sqlite3.connect(network.folder / "vigie.sqlite3", timeout=30, isolation_level=None)) as base:
        query = "SELECT month, header, signature FROM release ORDER BY month DESC LIMIT 1"
        month, header, signature = base.execute(query).fetchone()
        query = "SELECT signature FROM countersignature WHERE month = ?"
        (word,) = base.execute(query, (month,)).fetchone()
        keys = [
            signing.from_seed(next(network.folder.rglob(name)).read_bytes())
            for name in ("release-signing.key", "holder-signing.key")
        ]
        other = manifests.encode(msgspec.structs.replace(manifests.read(header), published_on="2020-01-12"))
        signed, countersigned = (
            signing.sign(key, purpose, other)
            for key, purpose in zip(keys, (manifests.PURPOSE, "witness"), strict=True)
        )

        def write(one: bytes, by: bytes, beside: bytes) -> None:
            base.execute("UPDATE release SET header = ?, signature = ? WHERE month = ?", (one, by, month))
            base.execute("UPDATE countersignature SET signature = ? WHERE month = ?", (beside, month))

        write(other, signed, countersigned)
        try:
            yield
        finally:
            write(header, signature, word)


def test_a_person_reads_the_verdict_in_her_language(visit, network) -> None:
    page = visit(network.member).page
    open_screen(page)
    lines = page.locator("dl dd").all_inner_texts()
    assert "manifestes" in lines[0]
    assert "l’opérateur lui-même" in lines[2]
    proven = [int("".join(char for char in line.split(" ")[0] if char.isdigit())) for line in lines[3:]]
    assert all(count > 0 for count in proven)
    english = visit(network.member, locale="en-GB", theme="dark", width=390).page
    open_screen(english, "Verified")
    settle(english)
    assert not seen_by_axe(english)


def test_a_peers_fingerprint_is_compared(visit, network) -> None:
    page = visit(network.member).page
    open_screen(page)
    fingerprint = page.locator("code.print").inner_text()
    page.fill("form input:not(.hidden)", fingerprint.upper())
    page.locator("form button").click()
    page.wait_for_selector("form + p[role=status]")
    says(page, "Vérifié")
    page.fill("form input:not(.hidden)", fingerprint[:-1] + ("0" if fingerprint[-1] != "0" else "1"))
    page.locator("form button").click()
    page.wait_for_selector(".verdict.untrusted")
    expect(page.locator("li.grave")).to_contain_text("deux historiques")


def test_a_rewritten_history_is_told_on_the_device_that_has_seen_the_other(visit, network) -> None:
    page = visit(network.member).page
    open_screen(page)
    peer = visit(network.accounts[1]).page
    with rewritten(network):
        page.locator(".actions button").first.click()
        page.wait_for_selector(".verdict.untrusted")
        expect(page.locator("li.grave")).to_contain_text("réécrit")
        page.reload()
        expect(page.locator(".notice.bad").first).to_contain_text("historique signé")
        # A device that comes for the first time sees one history, and its fingerprint is another one.
        fresh = visit(network.accounts[2]).page
        open_screen(fresh)
        other = fresh.locator("code.print").inner_text()
    open_screen(peer)
    expect(peer.locator("code.print")).not_to_have_text(other)
