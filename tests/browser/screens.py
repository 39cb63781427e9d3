"""`python -m tests.browser.screens`: every screen of the page, in every state, language, theme, width.

States: a played network, a firm that sent nothing, one with a single client, one with 20,000, no network any
more, a session that ended; of the played one also what a person opens on the screens (tests.browser.states).
Every view is looked at by axe-core, must not scroll sideways, and fails on a console error, a report of the
content policy, a request to another origin or a movement that was asked not to be. Pictures are compared with
those in `shots/` (tests.browser.stored says how). At 1280 pixels each screen is also measured with text and
window at 200 % and gone through by Tab. `--write` stores the pictures anew and looks at nothing else; words:
only the views whose names have one of them. New screens come from `web/src/screens.ts` by themselves; a part
of all this is a test (test_views).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

import hatch_build
from demo.links import Account, link
from perf import chromium
from tests.browser.conftest import LOG_IN
from tests.browser.pinned import Pinned, Played, played, read_everything
from tests.browser.reaching import by_keyboard, magnified
from tests.browser.states import IMPORTER, MEMBER, View, screens
from tests.browser.stored import CROSSED, LETTERS, SHOTS, TWO, Stored, drawn_alike, encoded, letters
from tests.browser.views import COLOURS, Look, quiet, seen_by_axe, sideways, watch

STATES_ALLOWED = {
    "no network": ("ERR_INTERNET_DISCONNECTED", "WebSocket", "Failed to load"),
    "ended": ("401", "WebSocket", "Failed to load"),
}
ALL = (
    *TWO,
    *CROSSED,
    *(
        look
        for width, theme, locale in product((1280, 390), ("light", "dark"), ("fr-FR", "en-GB"))
        if (look := Look(width, theme, locale, still=theme == "light")).name
        not in {one.name for one in (*TWO, *CROSSED)}
    ),
    Look(zoom=2),
)


@dataclass
class Rounds:
    """One browser, all views; what was wrong, by view."""

    browser: Any
    stored: Stored
    words: tuple[str, ...] = ()
    axe: bool = True
    used: bool = True
    """Whether it is also zoomed and gone through by Tab."""
    views: int = 0
    names: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def wanted(self, views: Sequence[View], look: Look) -> list[View]:
        """The views to look at; of those that go on, also what they go on from."""
        found: list[View] = []
        for view in reversed(views):
            going_on = bool(found) and found[-1].fragment is None
            named = not self.words or any(word in view.name for word in self.words)
            if view.at(look.width) and (named or going_on):
                found.append(view)
        return found[::-1]

    def look(self, page: Any, state: str, name: str, look: Look, faults: list[str]) -> None:
        """One view: axe, width, faults, picture."""
        self.views += 1
        self.names.add(name)
        found = sideways(page)
        if self.axe:
            found += seen_by_axe(page, COLOURS if look in CROSSED else ())
        if self.used and look == TWO[0]:
            found += [*magnified(page), *by_keyboard(page)]
        if self.stored.wants(state, look):
            found += self.stored.compare(page, state, name, look)
        self.wrong += [f"{state} {name} {look.name}: {one}" for one in (*found, *faults)]
        faults.clear()

    def enter(self, look: Look, url: str, account: Account | None, allowed: tuple[str, ...] = ()) -> Any:
        """A page on which somebody is logged in, with its feed, and what must not happen on it."""
        page = look.context(self.browser).new_page()
        faults = watch(page, url, allowed)
        page.goto(url if account is None else link(url, account))
        page.wait_for_selector(LOG_IN if account is None else "main h1")
        return page, faults

    def through(self, state: str, url: str, account: Account, look: Look, views: Sequence[View]) -> None:
        """Views of one member's, one after another."""
        wanted = self.wanted(views, look)
        if not wanted:
            return
        page, faults = self.enter(look, url, account)
        page.wait_for_selector(".live.open, .live.on", state="attached")
        for view in wanted:
            if self.opened(view, page, url, f"{state} {view.name} {look.name}"):
                self.look(page, state, view.name, look, faults)
        page.context.close()

    def opened(self, view: View, page: Any, url: str, where: str) -> bool:
        """Whether it could be opened; where not, that is what is wrong with it."""
        from playwright.sync_api import Error

        try:
            view.open(page, url)
        except Error as error:
            self.wrong.append(f"{where}: cannot be opened: {error}")
            return False
        return True

    def member(self, network: Played, look: Look) -> None:
        """All screens, and what is opened on them; all steps of an import."""
        network.unseen()
        self.through("played", network.url, network.accounts[0], look, [*screens(), *MEMBER])
        if look in network.importers:
            self.through("played", network.url, network.importers[look], look, IMPORTER)

    def without_network(self, network: Played, look: Look) -> None:
        """All screens after the network went away, and the log-in after the session did."""
        network.unseen()
        url = network.url
        allowed = (*STATES_ALLOWED["no network"], *STATES_ALLOWED["ended"])
        page, faults = self.enter(look, url, network.accounts[0], allowed)
        wanted = self.wanted(screens(), look)
        for view in wanted:
            view.open(page, url)
        page.context.set_offline(True)
        page.evaluate("() => dispatchEvent(new Event('online'))")
        page.wait_for_selector(".notice.bad")
        for view in wanted:
            page.evaluate("(fragment) => { location.hash = fragment }", view.fragment)
            quiet(page)
            self.look(page, "no network", view.name, look, faults)
        page.context.set_offline(False)
        page.context.clear_cookies()
        page.evaluate("() => dispatchEvent(new Event('online'))")
        page.wait_for_selector(LOG_IN)
        quiet(page)
        self.look(page, "ended", "log-in", look, faults)
        page.context.close()

    def doors(self, network: Played, look: Look) -> None:
        """The log-in, where a firm joins, and the operator's console."""
        page, faults = self.enter(look, network.url, None)
        quiet(page)
        self.look(page, "door", "log-in", look, faults)
        page.goto(f"{network.url}/#/join")
        page.wait_for_selector("#join")
        quiet(page)
        self.look(page, "door", "join", look, faults)
        page.context.close()
        page, faults = self.enter(look, network.url, network.accounts[-1])
        page.wait_for_selector("p.verified")
        quiet(page)
        self.look(page, "door", "operator", look, faults)
        page.context.close()


def _networks(folder: Path) -> Iterator[Any]:
    """Serves the played network and the large one, in turn."""
    from perf import page_world

    network = played(folder / "played", (*TWO, *CROSSED))
    try:
        yield network
    finally:
        network.stage.stop()
    world = page_world.build(folder / "large", months=3, stage_of=Pinned)
    try:
        yield world
    finally:
        world.stage.stop()


def _look_at(rounds: Rounds, network: Any) -> None:
    if not isinstance(network, Played):
        for look in TWO:
            rounds.through("20000", network.stage.url, network.account, look, screens())
        return
    read_everything(rounds.browser, network)
    for look in (*TWO, *CROSSED) if rounds.stored.write else ALL:
        rounds.member(network, look)
        if not rounds.words:
            rounds.doors(network, look)
    for look in TWO:
        rounds.through("nothing", network.url, network.nothing, look, screens())
        rounds.through("one", network.url, network.one, look, screens())
        rounds.without_network(network, look)


def main(arguments: list[str]) -> int:
    """Look at everything; 1 where something is wrong."""
    from playwright.sync_api import sync_playwright

    path = chromium.program()
    if path is None:
        print(f"screens: {chromium.MISSING}", file=sys.stderr)
        return 1
    hatch_build.build()
    SHOTS.mkdir(exist_ok=True)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="vigie-screens-", ignore_cleanup_errors=True) as folder,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
        words = tuple(one for one in arguments if not one.startswith("-"))
        write = "--write" in arguments
        if write and not words:
            LETTERS.write_bytes(encoded(letters(browser)))
        elif not drawn_alike(browser):
            print("screens: letters are drawn otherwise here than in the stored pictures: they will differ")
        rounds = Rounds(browser, Stored(write=write), words, axe=not write, used=not write)
        for network in _networks(Path(folder)):
            _look_at(rounds, network)
        browser.close()
    stored = rounds.stored
    if not words:
        for path_left in sorted(set(SHOTS.glob("*.png")) - {SHOTS / name for name in stored.seen}):
            if stored.write:
                path_left.unlink()
            else:
                rounds.wrong.append(f"{path_left.name} is a picture of no view")
    for one in rounds.wrong:
        print(f"screens: {one}")
    print(
        f"screens: {rounds.views} looks at {len(rounds.names)} views, {stored.count} pictures (furthest"
        f" {stored.worst:.1f}), {time.monotonic() - began:.0f} s; {len(rounds.wrong)} wrong"
    )
    return 1 if rounds.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
