"""The views that are looked at: every screen with its panels, and what a person opens or does on it.

Those of the page's own table (`web/src/screens.ts`) come by themselves; the others stand here. One whose
fragment is None goes on where the one before it stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.browser.test_import import CUSTOMERS, ledger
from tests.browser.views import fragments, quiet

Act = Callable[[Any], None]
MAPPED = "SIREN;Qui;Mois;Encours\n732829320;Client fictif;2026-10;1250\n"
UNREADABLE = "SIREN;Client;Date facture;Échéance;Montant TTC;Date de règlement\n" + "".join(
    f"732829320;Client fictif;{day};02/10/2026;{amount};\n"
    for day, amount in (("02/09/2026", "100,00"), ("03/09/2026", "200,00"), ("31/02/2026", "mille"))
)


@dataclass(frozen=True)
class View:
    """`name`: in words and in files' names; `act`: what is done once the screen is there."""

    name: str
    fragment: str | None
    act: Act | None = None
    narrow: bool | None = None
    """None: at every width; else on a phone alone, or on a wide screen alone."""

    def open(self, page: Any, url: str) -> None:
        """From wherever the page is, until it is quiet."""
        if self.fragment is not None:
            if page.evaluate("(there) => location.hash === there", self.fragment):
                page.goto(f"{url}/#/tour")  # the same fragment again would be no navigation
                page.wait_for_selector(".turn")
            page.goto(f"{url}/{self.fragment}")
            quiet(page)
        if self.act is not None:
            self.act(page)
            quiet(page)

    def at(self, width: int) -> bool:
        """Whether there is such a view at this width."""
        return self.narrow is None or self.narrow == (width < 760)


def screens() -> list[View]:
    """One for each screen and each of its panels."""
    return [View(one.strip("#/").replace("/", "-") or "first", one) for one in fragments()]


def _click(selector: str, shown: str, nth: int = 0) -> Act:
    """Click, until something is there; what was opened is moved to the window's top."""

    def act(page: Any) -> None:
        page.locator(selector).nth(nth).click()
        _bring(page, shown)

    return act


def _bring(page: Any, selector: str) -> None:
    page.locator(selector).first.wait_for()
    page.locator(selector).first.evaluate("(one) => one.scrollIntoView({ block: 'start' })")


def _open_alert(page: Any) -> None:
    """One of the network's, whatever is done about it."""
    page.locator(".chips button").last.click()
    _click("section[aria-labelledby^=level] button.toggle", "li.open")(page)


def _drop(page: Any, name: str, content: bytes, into: str = "input[type=file]") -> None:
    page.set_input_files(into, {"name": name, "mimeType": "text/plain", "buffer": content})


def _map(page: Any) -> None:
    _drop(page, "soldes.csv", MAPPED.encode())
    page.wait_for_selector("select#kind")


def _refuse(page: Any) -> None:
    _drop(page, "factures.csv", UNREADABLE.encode())
    page.wait_for_selector("select#kind")
    page.click("button.primary")
    page.wait_for_selector("input.cell")


def _refuse_whole(page: Any) -> None:
    _drop(page, "image.png", b"\x89PNG\r\n\x1a\n" + bytes(64))
    page.wait_for_selector(".notice.bad")


def _know(page: Any) -> None:
    _drop(page, "FEC.txt", ledger())
    page.wait_for_selector("#whose")
    _drop(page, "clients.csv", CUSTOMERS.encode("cp1252"), ".add input[type=file]")
    page.locator(".add strong").wait_for()


def _check(page: Any) -> None:
    page.click("button.primary")
    page.wait_for_selector(".check .big")
    page.fill("#terms-days", "30")
    page.keyboard.press("Tab")
    page.wait_for_function("() => !document.querySelector('fieldset p')")
    page.check("#declared")


MEMBER = (
    View("first-how", "#/", lambda page: page.locator("main .how").first.click()),
    View("portfolio-columns", "#/portfolio", _click(".filters .how", "#columns")),
    View("portfolio-views", "#/portfolio", _click("button.views", "#views")),
    View("client-credit", "#/client/1", _click(".score summary", ".score")),
    View("client-parameters", None, _click(".score .acts button", ".parameters", 0)),
    View("client-sales", None, _click(".score .acts button", ".score .sales", 1)),
    View("client-decide", None, _click(".score .acts button", ".score .decisions", 2)),
    View("alerts-open", "#/alerts", _open_alert),
    View("alerts-work", None, lambda page: _bring(page, "li.open .work")),
    View("alerts-own", "#/alerts", _click("section[aria-labelledby=own] button.toggle", "li.open")),
    View("alerts-wishes", "#/alerts", _click(".head .acts > button", "main form", 2)),
    View("alerts-notices", None, _click(".head .acts > button", "section[aria-labelledby=bodacc]", 1)),
    View("alerts-mutes", None, _click(".head .acts > button", "#mutes", 0)),
    View(
        "client-alert",
        "#/alerts",
        lambda page: (
            _open_alert(page),
            _click("li.open .why a.primary", ".sentence")(page),
        ),
    ),
    View("conversation", "#/conversations", _click("a.talk", ".said li")),
    View("conversation-keeping", None, _click(".thread > header button", "#keeping")),
    View("more", "#/sectors", _click(".more-button", "#more"), narrow=True),
)
"""What a member opens beyond the screens."""

IMPORTER = (
    View("import-columns", "#/upload", _map),
    View("import-refused", "#/upload", _refuse),
    View("import-refused-whole", "#/upload", _refuse_whole),
    View("import-accounts", "#/upload", _know),
    View("import-checked", None, _check),
    View("import-preview", None, _click("button.primary", ".box td")),
    View("import-sent", None, _click("button.primary", "#sent")),
)
"""The steps of a firm's first import."""
