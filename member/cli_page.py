"""`vigie open`: the page from this installation. `vigie verify-page`: whether the hosted one is the same."""

from __future__ import annotations

import sys
import threading
import webbrowser
from typing import Annotated, Final

import typer

from benchmark.source_texts import Text, both
from member.cli_frame import Lang, Place, answering, language, open_member

EXIT_DIFFERENT: Final = 6
_TEXTS: Final[dict[str, Text]] = {
    "open": both(
        "La page de cette installation est à l'adresse :\n\n    {url}\n\nElle sert une fois ; Ctrl-C arrête.",
        "The page of this installation is at:\n\n    {url}\n\nThe address works once; Ctrl-C stops.",
    ),
    "not-built": both(
        "La page n'est pas construite dans cette installation (python hatch_build.py).",
        "The page is not built in this installation (python hatch_build.py).",
    ),
    "busy": both(
        "Le port {port} est pris : choisissez-en un autre avec --port.",
        "Port {port} is taken: choose another one with --port.",
    ),
    "same": both(
        "{count} fichiers comparés : la page servie est celle de cette installation.\n"
        "Empreinte : {fingerprint}\n"
        "Ce qui n'est pas prouvé : une page servie à vous seul dans votre navigateur. "
        "`vigie open` l'évite.",
        "{count} files compared: the page that is served is this installation's.\n"
        "Fingerprint: {fingerprint}\n"
        "Not proven: a page served to you alone in your browser. `vigie open` avoids it.",
    ),
    "different": both(
        "La page servie n'est pas celle de cette installation.\n"
        "Autre contenu : {different}. Absents : {absent}.\n"
        "Une autre version, ou une page changée : ne vous y connectez pas avant d'avoir demandé.",
        "The page that is served is not this installation's.\n"
        "Other content: {different}. Absent: {absent}.\n"
        "Another version, or a page that was changed: do not log in there before you have asked.",
    ),
    "silent": both("Pas de réponse de {url}.", "No answer from {url}."),
}


def _said(key: str, lang: str, **values: object) -> str:
    return _TEXTS[key]["fr" if lang == "fr" else "en"].format(**values)


def open_page(
    port: Annotated[int, typer.Option(help="port on 127.0.0.1")] = 8788,
    browser: Annotated[bool, typer.Option(help="open the browser")] = True,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Serve the page from this installation, so that no script of the operator's ever sees a name."""
    chosen = language(lang)
    with answering(chosen) as leaving:
        import uvicorn

        from member.local_page import DIST, HOST, LocalPage

        if not (DIST / "index.html").is_file():
            print(_said("not-built", chosen), file=sys.stderr)
            raise typer.Exit(7)
        member = open_member(home, chosen, leaving)
        facts = member.network.facts()
        holders = {one.number: one.url for one in facts.roster.holders}
        page = LocalPage(member.network.url, holders, port)
        config = uvicorn.Config(
            page, host=HOST, port=port, log_level="error", access_log=False, lifespan="on"
        )
        url = f"http://{HOST}:{port}/enter?token={page.token}"
        print(_said("open", chosen, url=url), flush=True)
        if browser:
            threading.Timer(0.5, webbrowser.open, (url,)).start()
        try:
            uvicorn.Server(config).run()
        except SystemExit:
            print(_said("busy", chosen, port=port), file=sys.stderr)
            raise typer.Exit(7) from None


def verify_page(
    url: Annotated[str, typer.Argument(help="the network's address")],
    lang: Lang = "",
) -> None:
    """Compare the page that a network serves with the one of this installation, file by file.

    Exit codes: 0 the same, 6 another one, 5 no answer.
    """
    chosen = language(lang)
    import httpx

    from member.page_check import compare_page

    try:
        found = compare_page(url)
    except (httpx.HTTPError, httpx.InvalidURL):
        print(_said("silent", chosen, url=url), file=sys.stderr)
        raise typer.Exit(5) from None
    if found.same:
        print(_said("same", chosen, count=len(found.alike), fingerprint=found.fingerprint))
        return
    shown = {"different": ", ".join(found.different) or "–", "absent": ", ".join(found.absent) or "–"}
    print(_said("different", chosen, **shown), file=sys.stderr)
    raise typer.Exit(EXIT_DIFFERENT)
