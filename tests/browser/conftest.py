"""A real Chromium in front of a real network, played by the demo's firms through the real agent.

Every visit fails on a console error, an uncaught error, a report of the content policy or a request to
another origin, whatever else its test looks at. What was sent is kept, so that a test can search it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import hatch_build
from demo.links import Account, link
from perf import chromium as chromium_here

WAIT_MS = 60_000
LOG_IN = "#log-in"
"""The heading of the log-in: other screens have forms and passwords too."""


def leave(page: Any) -> None:
    """Log out, until the log-in is there."""
    page.locator("button.leave").click()
    page.wait_for_selector(LOG_IN)


def open_portfolio(page: Any) -> None:
    """From wherever the page is, without a step in its history, until a row is there."""
    page.wait_for_selector("main h1")
    page.evaluate(
        "() => location.hash.startsWith('#/portfolio') || location.replace(location.pathname + '#/portfolio')"
    )
    page.wait_for_selector("tr.row")


@dataclass
class Network:
    """A demo network that was played and is being served."""

    url: str
    accounts: list[Account]
    folder: Path

    @property
    def member(self) -> Account:
        return self.accounts[0]

    @property
    def operator(self) -> Account:
        return self.accounts[-1]

    def enter(self, account: Account) -> str:
        return link(self.url, account)


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    from demo.play import play
    from demo.stage import Stage
    from demo.world import SMALL, build

    hatch_build.build()
    folder = tmp_path_factory.mktemp("played")
    stage = Stage(folder, "demo", "Vigie, essai", shown_within_seconds=0)
    try:
        played = play(build(SMALL), stage, lambda _done, _all, _what: None)
        yield Network(stage.url, played.accounts, folder)
    finally:
        stage.stop()


@dataclass
class Visit:
    """One browser context, and everything that must not happen in it."""

    page: Any
    origin: str
    faults: list[str] = field(default_factory=list)
    sent: list[bytes] = field(default_factory=list)
    allowed: tuple[str, ...] = ()

    @property
    def device(self) -> Any:
        """The context: what the browser keeps."""
        return self.page.context

    def watch(self) -> None:
        page = self.page
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.device.on("request", self._request)
        page.on("websocket", self._socket)

    def leave(self) -> None:
        self.device.remove_listener("request", self._request)

    def _console(self, message: Any) -> None:
        if message.type == "error" and not any(text in message.text for text in self.allowed):
            self.faults.append(f"console: {message.text} ({message.location.get('url')})")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"blob", "data"} and parts.netloc != self.origin:
            self.faults.append(f"foreign: {request.url}")
        self.sent.append(request.url.encode())
        self.sent.extend(f"{name}: {value}".encode() for name, value in request.headers.items())
        if body := request.post_data_buffer:
            self.sent.append(body)

    def _socket(self, socket: Any) -> None:
        if urlsplit(socket.url).netloc != self.origin:
            self.faults.append(f"foreign: {socket.url}")
        socket.on(
            "framesent", lambda frame: self.sent.append(frame if isinstance(frame, bytes) else frame.encode())
        )


Enter = Callable[..., Visit]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """Of the module, not of the session: an open browser holds the thread's event loop."""
    path = chromium_here.program()
    if path is None:
        if os.environ.get("CI"):
            pytest.fail(chromium_here.MISSING)
        pytest.skip(chromium_here.MISSING)
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=WAIT_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=chromium_here.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def devices(chromium: Any) -> dict[tuple[object, ...], Any]:
    """Browsers' profiles on which somebody is logged in, by who and how; they end with the browser."""
    return {}


@pytest.fixture
def visit(chromium: Any, network: Network, devices: dict[tuple[object, ...], Any]) -> Iterator[Enter]:
    """visit(account=None, width=1280, theme="light", locale="fr-FR", allowed=()) -> Visit.

    `again`: on a device of the module's that is logged in already, which is most of what a visit costs: for
    tests that leave nothing on the device and do not look at what earlier ones left.
    """
    visits: list[tuple[Visit, bool]] = []

    def enter(
        account: Account | None = None,
        *,
        width: int = 1280,
        theme: str = "light",
        locale: str = "fr-FR",
        allowed: tuple[str, ...] = (),
        url: str | None = None,
        again: bool = False,
    ) -> Visit:
        base = url or network.url
        key = (base, account, width, theme, locale)
        known = devices.get(key) if again else None
        context = known or chromium.new_context(
            viewport={"width": width, "height": 850},
            color_scheme=theme,
            locale=locale,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS)
        made = Visit(context.new_page(), urlsplit(base).netloc, allowed=allowed)
        made.watch()
        visits.append((made, again))
        made.page.goto(base if account is None or known else link(base, account))
        if account is not None:
            made.page.wait_for_selector("main h1")
        if again:
            devices[key] = context
        return made

    yield enter
    faults = [fault for one, _ in visits for fault in one.faults]
    for one, again in visits:
        if again:
            one.leave()
            one.page.close()
        else:
            one.device.close()
    assert not faults
