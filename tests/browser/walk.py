"""`python -m tests.browser.walk`: a newcomer's walk through the page as screenshots, in both languages.

Registers a fictional firm, keeps its two secrets, imports a ledger without a single SIREN, confirms whose its
accounts are, sends, sees the comparison, follows an alert, talks to a peer and shows who they are. With
`--commands` the same firm's walk at the command line comes first (demo.walk, which takes the other options).
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from typer.testing import CliRunner

import hatch_build
from benchmark.upload import month_text
from demo import walk as commands
from demo.links import Account, link
from demo.newcomer import EMAIL
from demo.play import REPORTING_DAY, Played, day_of, play
from demo.stage import Stage
from demo.world import FULL, SMALL, build
from member.cli import app
from member.keystore import Member
from perf import chromium
from tests.browser.conftest import LOG_IN

PASSWORD: Final = "a fictional password"
SIZE: Final = {"width": 1280, "height": 850}
WAIT_MS: Final = 60_000
LOCALES: Final = {"fr": "fr-FR", "en": "en-GB"}
WORDS: Final[dict[str, dict[str, str]]] = {
    "fr": {
        "raise": "Lancer l’appel",
        "raised": "Appel lancé.",
        "answer": "Répondre",
        "offer": "Proposer de dire qui nous sommes",
        "accept": "Accepter : montrer les deux noms",
        "said": "Ce client nous paie 40 jours plus tard qu’au printemps.",
        "heard": "Ici aussi, depuis mai.",
    },
    "en": {
        "raise": "Raise the call",
        "raised": "Raised. You will hear",
        "answer": "Answer",
        "offer": "Offer to show who we are",
        "accept": "Accept: show both names",
        "said": "This client pays us 40 days later than in spring.",
        "heard": "Here too, since May.",
    },
}


@dataclass
class Album:
    """Screenshots in order, and the seconds that each step took, without reading and typing."""

    folder: Path
    language: str
    steps: list[tuple[str, float]] = field(default_factory=list)
    _since: float = field(default_factory=time.perf_counter)

    def take(self, page: Any, name: str) -> None:
        """What the page shows now, under the step's name."""
        page.evaluate("() => document.fonts.ready")
        seconds = time.perf_counter() - self._since
        number = len(self.steps) + 1
        page.screenshot(path=str(self.folder / f"{self.language}-{number:02}-{name}.png"))
        self.steps.append((name, seconds))
        self._since = time.perf_counter()


@dataclass(frozen=True)
class Place:
    """A played network: its stage, what it has, and the first month that it has not published."""

    stage: Stage
    played: Played
    next_month: int

    def peer_of(self, siren: str) -> tuple[Account, Path]:
        """A member that sells to a client, and where its agent lives."""
        for account in self.played.accounts[:-1]:
            homes = (self.stage.folder / "members").iterdir()
            home = next((one for one in homes if one.name in account.email), None)
            if home is None:
                continue
            member = Member.load(home)
            book = member.shelf.sync(member)
            member.close()
            if any(client.identifier == f"fr.siren:{siren}" for client in book.by_pseudonym().values()):
                return account, home
        raise LookupError("nobody of the demo's accounts sells to this client")

    def ripen(self, page: Any, siren: str, home: Path) -> None:
        """Time passes, each month with both firms' uploads: whoever calls has two full months in releases."""
        for month in range(self.next_month, self.next_month + 3):
            self.stage.set_today(day_of(month, REPORTING_DAY))
            table = f"SIREN;Mois;Ventes;Encours\n{siren};{month_text(month)};10000;20000\n"
            _import_month(page, self.stage.url, table)
            path = self.stage.folder / f"{month}.csv"
            path.write_text(table, encoding="utf-8")
            pushed = CliRunner().invoke(app, ["push", str(path), "--home", str(home)])
            assert pushed.exit_code == 0, pushed.output
            self.stage.release(month)


def _import_month(page: Any, url: str, table: str) -> None:
    page.goto(f"{url}/#/")
    page.reload()
    page.goto(f"{url}/#/upload")
    given = {"name": "mois.csv", "mimeType": "text/csv", "buffer": table.encode()}
    page.set_input_files("input[type=file]", given)
    page.wait_for_selector("select#kind")
    page.click("button.primary")
    page.check("#declared")
    page.click("button.primary")
    page.wait_for_selector(".box td")
    page.click("button.primary")
    page.wait_for_selector("#sent")


def walk(browser: Any, place: Place, language: str, folder: Path) -> Album:
    """One walk from the invitation to two names, in one language. Raise what a step that fails raises."""
    url, played = place.stage.url, place.played
    album = Album(folder, language)
    context = browser.new_context(viewport=SIZE, locale=LOCALES[language], reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    page = context.new_page()
    try:
        page.goto(url)
        page.wait_for_selector(LOG_IN)
        album.take(page, "log-in")
        _join(page, album, played.newcomer["invitation"])
        _import(page, album, place.stage.folder, played)
        client, siren = _compare(page, album, url)
        _follow_an_alert(page, album, url)
        peer, home = place.peer_of(siren)
        place.ripen(page, siren, home)
        _talk(browser, page, album, url, peer, client)
    except Exception:
        album.take(page, "failed-here")
        raise
    context.close()
    return album


def _join(page: Any, album: Album, invitation: str) -> None:
    page.click('a[href="#/join"]')
    page.wait_for_selector("#join")
    page.fill("input.mono", invitation)
    page.fill("input[type=email]", EMAIL)
    for place in (0, 1):
        page.locator("input[type=password]").nth(place).fill(PASSWORD)
    album.take(page, "register")
    page.click("button.primary")
    page.wait_for_selector("#keep")
    album.take(page, "keep-the-keys")
    page.check("#kept")
    page.click("button.primary")
    page.wait_for_selector(".drop")
    album.take(page, "enrolled")


def _import(page: Any, album: Album, root: Path, played: Played) -> None:
    made = played.newcomer
    page.set_input_files("input[type=file]", str(root / made["fec"]))
    page.wait_for_selector("#whose")
    album.take(page, "whose-accounts")
    for name in ("master", "sirene"):
        before = page.locator("section .big").inner_text()
        page.set_input_files(".add input[type=file]", str(root / made[name]))
        page.wait_for_function(
            "(before) => document.querySelector('section .big').innerText !== before", arg=before
        )
    album.take(page, "identifiers-proposed")
    page.click("button.primary")
    page.wait_for_selector("#terms-days")
    page.fill("#terms-days", "45")
    page.keyboard.press("Tab")
    page.wait_for_function("() => !document.querySelector('fieldset p')")
    page.select_option("#terms-kind", "1")
    page.check("#declared")
    album.take(page, "checked")
    page.click("button.primary")
    page.wait_for_selector(".box td")
    album.take(page, "what-leaves")
    page.click("button.primary")
    page.wait_for_selector("#sent")
    album.take(page, "sent")


def _compare(page: Any, album: Album, url: str) -> tuple[str, str]:
    """The portfolio, then the most conspicuous client; its page's fragment, and its SIREN."""
    page.goto(f"{url}/#/portfolio")
    page.wait_for_selector("tr.row .name")
    album.take(page, "compared")
    page.goto(f"{url}/#/")
    page.wait_for_selector("main h1")
    album.take(page, "this-morning")
    page.goto(f"{url}/#/portfolio")
    page.locator("tr.row .name").first.click()
    page.wait_for_selector(".sentence")
    album.take(page, "a-client")
    found = re.search(r"SIREN\s(\d{3})\s(\d{3})\s(\d{3})", page.locator("main .facts").inner_text())
    assert found is not None
    return str(page.evaluate("() => location.hash")), "".join(found.groups())


def _follow_an_alert(page: Any, album: Album, url: str) -> None:
    page.goto(f"{url}/#/alerts")
    page.wait_for_selector("main h1")
    album.take(page, "alerts")
    alert = page.locator("main li:has(a.name[href*=client])").first  # a walk without one fails here
    alert.locator("button.toggle").click()
    page.wait_for_selector("main li.open .why .next")
    album.take(page, "why-and-what-to-do")
    page.locator("main li.open .why a.primary").click()
    page.wait_for_selector(".sentence")
    album.take(page, "the-client-of-the-alert")


def _talk(browser: Any, page: Any, album: Album, url: str, account: Account, client: str) -> None:
    words = WORDS[album.language]
    page.goto(f"{url}/{client}")
    page.locator('main a[href*="conversations"]').first.click()
    page.get_by_role("button", name=words["raise"]).click()
    page.wait_for_selector(f"text={words['raised']}")
    album.take(page, "call-raised")
    peer, answered = _answer(browser, url, account, album.language)
    page.goto(f"{url}/#/conversations")
    page.wait_for_selector(
        'a[href*="#/conversations/"]:has(.stage), section.list a[href*="#/conversations/"]'
    )
    page.wait_for_selector(f'a[href$="{answered}"]')
    page.goto(f"{url}/#/conversations/{answered}")
    page.wait_for_selector("textarea")
    _say(page, words["said"])
    peer.wait_for_selector(f"text={words['said']}")
    _say(peer, words["heard"])
    page.wait_for_selector(f"text={words['heard']}")
    album.take(page, "talking")
    peer.get_by_role("button", name=words["offer"]).click()
    page.get_by_role("button", name=words["accept"]).click()
    page.wait_for_selector("section.reveal code")
    album.take(page, "revealed")
    peer.context.close()


def _answer(browser: Any, url: str, account: Account, language: str) -> tuple[Any, str]:
    """A member that got the call answers it; its page and the conversation's id."""
    context = browser.new_context(viewport=SIZE, locale=LOCALES[language], reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    peer = context.new_page()
    peer.goto(link(url, account))
    peer.wait_for_selector("nav")
    peer.goto(f"{url}/#/conversations")
    peer.wait_for_selector("section.list")
    peer.get_by_role("button", name=WORDS[language]["answer"], exact=True).first.click()
    peer.wait_for_function("() => /conversations.[0-9a-f-]{36}/.test(location.hash)")
    return peer, str(peer.evaluate("() => location.hash.split('/').at(-1)"))


def _say(page: Any, text: str) -> None:
    page.fill("textarea", text)
    page.press("textarea", "Enter")
    page.wait_for_function("() => document.querySelector('textarea').value === ''")


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk in both languages; write the screenshots and print the steps."""
    parser = argparse.ArgumentParser(prog="walk", description="A newcomer's walk through the page.")
    parser.add_argument("--to", type=Path, default=Path(hatch_build.ROOT) / ".demo" / "walk")
    parser.add_argument("--small", action="store_true", help="a smaller network, for a trial")
    parser.add_argument("--commands", action="store_true", help="first the same walk at the command line")
    asked, others = parser.parse_known_args(arguments)
    if asked.commands:
        failed = commands.main(others)
        if failed:
            return failed
    elif others:
        parser.error(f"not known: {' '.join(others)}")
    path = chromium.program()
    if path is None:
        print(f"walk: {chromium.MISSING}", file=sys.stderr)
        return 1
    from playwright.sync_api import sync_playwright

    hatch_build.build()
    asked.to.mkdir(parents=True, exist_ok=True)
    for language in LOCALES:
        with tempfile.TemporaryDirectory(prefix="vigie-walk-") as folder:
            stage = Stage(Path(folder), "demo", "Vigie, démonstration")
            try:
                plan = build(SMALL if asked.small else FULL)
                played = play(plan, stage, lambda _done, _all, _what: None)
                place = Place(stage, played, plan.scale.first_month + plan.scale.months)
                with sync_playwright() as playwright:
                    browser = playwright.chromium.launch(executable_path=path, args=chromium.ARGUMENTS)
                    album = walk(browser, place, language, asked.to)
                    browser.close()
            finally:
                stage.stop()
        for number, (name, seconds) in enumerate(album.steps, 1):
            print(f"{language} {number:2} {name:24} {seconds:5.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
