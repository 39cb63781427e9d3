"""The demo's network with the same keys and groups each time: what is published of it is the same each time.

A network draws its keys, and with them its clients' codes, its noise and so some figures and the order of
some rows. Pictures of it could be compared only roughly. Here keys and groups follow from their names; what
is still drawn anew (ids, devices, moments) is told in `tests.browser.stored`.
"""

from __future__ import annotations

import hashlib
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from demo.links import Account, link
from demo.play import play
from demo.stage import Stage
from demo.world import SMALL, build
from perf.page_world import small_firm
from server import keys
from tests.browser.views import Look, quiet

GROUPS = uuid.UUID("5f1d0c52-0000-4000-8000-000000000000")
LAST = SMALL.first_month + SMALL.months - 1


class Pinned(Stage):
    """A stage whose keys and groups follow from their names; for tests alone."""

    def create(self, today: date) -> None:
        """As after a creation that did not come to its end: the server takes up the keys that it finds."""
        self.keys.mkdir(parents=True, mode=0o700)
        keys.write_secret(self.keys / keys.UNCLAIMED, b"")
        for name in keys.FILES:
            drawn = hashlib.sha256(b"vigie pictures " + name.encode()).digest()
            keys.write_secret(self.keys / name, drawn[:31] + b"\0")  # as a number below the group's order
        super().create(today)

    def admit(self, name: str, declared_portfolio: int) -> str:
        """In a group that follows from the firm's name."""
        body = {
            "name": name,
            "declared_portfolio": declared_portfolio,
            "group_id": str(uuid.uuid5(GROUPS, name)),
        }
        return str(self.ask("POST", "/api/operator/admissions", body)["invitation"])


@dataclass
class Played:
    """A pinned network that is being served, and who looks at it."""

    stage: Stage
    accounts: list[Account]
    nothing: Account
    """Of a firm that sent nothing."""
    one: Account
    """Of a firm with one client."""
    importers: dict[Look, Account] = field(default_factory=dict)
    """Firms that import something, for each look another: each time it is their first."""

    @property
    def url(self) -> str:
        """The address."""
        return self.stage.url

    def unseen(self) -> None:
        """What somebody did about the network's alerts is undone: each look finds them new."""
        with closing(sqlite3.connect(self.stage.folder / "vigie.sqlite3", timeout=60)) as base, base:
            for table in ("alert_life", "alert_event", "alert_mute"):
                base.execute(f"DELETE FROM {table}")


def played(folder: Path, looks: tuple[Look, ...]) -> Played:
    """Play it; `looks`: those in which something is imported. The stage is the caller's to stop."""
    stage = Pinned(folder, "demo", "Vigie, essai", shown_within_seconds=0)
    try:
        accounts = play(build(SMALL), stage, lambda _done, _all, _what: None).accounts
        made = Played(
            stage,
            accounts,
            small_firm(stage, "nothing@perf.example", 0, LAST),
            small_firm(stage, "one@perf.example", 1, LAST),
        )
        for number, look in enumerate(looks):
            made.importers[look] = small_firm(stage, f"imports-{number}@perf.example", 0, LAST)
    except BaseException:
        stage.stop()
        raise
    return made


def read_everything(browser: Any, network: Played) -> None:
    """The first firm has read its conversation and seen its own figures' alerts: that stays from here on."""
    page = Look(locale="en-GB").context(browser).new_page()
    page.goto(link(network.url, network.accounts[0]))
    page.wait_for_selector("main h1")
    page.goto(f"{network.url}/#/conversations")
    page.locator("a.talk").first.click()
    page.wait_for_selector(".said li")
    quiet(page)
    page.goto(f"{network.url}/#/alerts")
    page.wait_for_selector(".tools")
    quiet(page)
    if page.locator("button.link.all").count():  # not where they were seen for another look already
        page.locator("button.link.all").click()
        page.locator("button.link.all").wait_for(state="detached")
        quiet(page)
    page.context.close()
    network.unseen()
