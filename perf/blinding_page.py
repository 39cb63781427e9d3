"""50,000 identifiers through the page in a real Chromium and two key holders, beside bare library calls.

Ours is the page as a person uses it: a list of 50,000 clients is dropped, its columns are confirmed, and the
button pressed that makes pseudonyms; workers, requests, signatures, proofs and the progress bar included. The
reference (web/tests/blinding.bare.ts) is what no implementation of the protocol can do without, plain calls
of the same library on as many workers: per identifier one blinding and one unblinding, and of each of two
holders one element decoded and weighed into both composites of its proof.

The two take turns: the page is paused, what is under way is waited for, and the reference runs its part.
Blocked time is what the browser calls long tasks (over 50 ms) of the page's own thread, from the press of the
button until what would leave is shown.
"""

from __future__ import annotations

import subprocess
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import hatch_build
from demo.holding import Admission, HolderStage
from demo.links import link
from demo.sirens import check_digit
from demo.stage import Stage
from member.enrol import enrol
from member.network import Network
from perf import chromium
from perf.measure import Line
from perf.page_world import PASSWORD, account_of

IDENTIFIERS = 50_000
PARTS = 5
CHUNK = 250
WORKERS_MAX = 4
BAR = 1.3
"""Of the page with its holders, over the bare calls."""
BLOCKED_MS_MAX = 100
WAIT_MS = 3_600_000
BARE = hatch_build.WEB / "tests" / "blinding.bare.ts"
PARTS_SCRIPT = Path(__file__).with_name("blinding_parts.js")
BARE_PAGE = "http://bare.test/"


def lines(identifiers: int = IDENTIFIERS) -> list[Line]:
    """The ratio, and the longest time for which the page did not answer."""
    path = chromium.program()
    if path is None:
        raise SystemExit(f"perf blinding-page: {chromium.MISSING}")
    hatch_build.build()
    with tempfile.TemporaryDirectory(prefix="vigie-perf-", ignore_cleanup_errors=True) as folder:
        holders = HolderStage(Path(folder) / "holders")
        stage = Stage(Path(folder), "demo", "Perf (fictional)", holders=holders)
        stage.create(date(2026, 11, 1))
        try:
            network = Network(stage.start())
            invitation = stage.admit("Perf (fictional)", identifiers)
            member = enrol(network, invitation, "perf@perf.test", PASSWORD)
            holders.admit([Admission(member.firm_id, member.root_public, identifiers, "Perf (fictional)")])
            ours, reference, blocked = measure(path, link(stage.url, account_of(member)), identifiers)
        finally:
            stage.stop()
    what = f"{identifiers:,} identifiers in the page, two holders / bare calls"
    return [
        Line(what, ours, reference, "s", BAR),
        Line("  longest task of the page's own thread meanwhile", blocked, None, "ms", BLOCKED_MS_MAX),
    ]


def measure(program: str, entry: str, identifiers: int) -> tuple[float, float, float]:
    """Seconds of the page and of the bare calls, part by part in turn; the longest task in milliseconds."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=chromium.ARGUMENTS)
        try:
            context = browser.new_context(viewport={"width": 1280, "height": 850}, locale="fr-FR")
            context.set_default_timeout(WAIT_MS)
            context.add_init_script(path=PARTS_SCRIPT)
            bare = context.new_page()
            told = f'<script type="text/plain" id="bare">{bundled()}</script>'
            bare.route(BARE_PAGE, lambda route: route.fulfill(body=told, content_type="text/html"))
            bare.goto(BARE_PAGE)
            page = context.new_page()
            page.goto(entry)
            _until_ready(page, identifiers)
            workers = min(WORKERS_MAX, page.evaluate("() => navigator.hardwareConcurrency"))
            bare.evaluate("bare", [CHUNK * workers, workers])
            ours = reference = 0.0
            share = identifiers // PARTS
            for part in range(PARTS):
                upto = identifiers if part == PARTS - 1 else (part + 1) * share
                ours += page.evaluate("part", [upto, identifiers, workers, part == 0])
                reference += bare.evaluate("bare", [share, workers])
            page.wait_for_selector(".box td")
            blocked = page.evaluate("blocked.filter(([at]) => at >= begun).map(([, spent]) => spent)")
        finally:
            browser.close()
    return ours / 1000, reference / 1000, max(blocked, default=0.0)


def bundled() -> str:
    """The reference with its library in one script, built as the page is."""
    hatch_build.install()
    with tempfile.TemporaryDirectory(prefix="vigie-perf-") as folder:
        made = Path(folder) / "bare.js"
        command = ["node_modules/rolldown/bin/cli.mjs", str(BARE), "--file", str(made), "--format", "iife"]
        node = str(hatch_build.node_folder() / "bin" / "node")
        subprocess.run([node, *command], cwd=hatch_build.WEB, check=True, capture_output=True)
        return made.read_text(encoding="utf-8").replace("</script", "<\\/script")


def _until_ready(page: Any, identifiers: int) -> None:
    """A list of so many clients dropped, read and declared: one press away from their pseudonyms."""
    page.wait_for_selector("main h1")
    page.evaluate("() => { location.hash = '#/upload' }")
    stems = [f"{place:08d}" for place in range(10_000_000, 10_000_000 + identifiers)]
    rows = ["SIREN;Client;Date facture;Échéance;Montant TTC"]
    rows += [f"{stem}{check_digit(stem)};Client {stem};02/10/2026;01/11/2026;100,00" for stem in stems]
    content = "\n".join(rows).encode()
    page.set_input_files("input[type=file]", {"name": "f.csv", "mimeType": "text/csv", "buffer": content})
    page.wait_for_selector("select#kind")
    page.click("button.primary")
    page.check("#declared")
