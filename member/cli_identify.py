"""The command `identify`: identifiers for accounts that have none, proposed, reviewed, kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from member.cli_files import Columns, MappingFile, Sheet
from member.cli_frame import Lang, Patience, Place, answering, language, open_member, print_json
from member.cli_reading import Reading, read
from member.cli_texts import told

if TYPE_CHECKING:
    from benchmark.problems import Problem
    from member.identify import Decided, Party, Proposal
    from member.imported import Account
    from member.keystore import Member

REVIEW_DEFAULT = "identification.xlsx"


def identify(
    file: Annotated[
        Path | None, typer.Argument(help="a ledger (FEC), an aged balance or a list of invoices")
    ] = None,
    master: Annotated[
        Path | None, typer.Option(help="the customer master: account and VAT number, SIRET or town")
    ] = None,
    invoices: Annotated[
        list[Path] | None,
        typer.Option(help="electronic invoices that you sent, or a folder of them; repeatable"),
    ] = None,
    sirene: Annotated[Path | None, typer.Option(help="a local SIRENE extract, CSV or Parquet")] = None,
    sure: Annotated[
        int, typer.Option(min=50, max=100, help="percent from which proposals are confirmed together")
    ] = 95,
    confirm_sure: Annotated[
        bool, typer.Option("--confirm-sure", help="keep all that are sure, now and in one go")
    ] = False,
    ask: Annotated[bool, typer.Option("--ask", help="look at the others here, one key each")] = False,
    review: Annotated[
        Path | None, typer.Option(help="write the review there (.xlsx or .csv)", show_default=False)
    ] = None,
    take: Annotated[Path | None, typer.Option(help="take a review that was filled in")] = None,
    write: Annotated[Path | None, typer.Option(help="write the map of accounts there as well")] = None,
    mapping: MappingFile = None,
    column: Columns = None,
    sheet: Sheet = "",
    as_json: Annotated[bool, typer.Option("--json", help="for programs")] = False,
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Propose a SIREN for every account that has none; nothing is sent, everything is read here.

    What names a client: the file itself, the customer master, electronic invoices, a SIRENE extract, the
    client book. Confirm what is sure in one go (--confirm-sure), the rest by key (--ask) or in a spreadsheet
    (--review, then --take). Exit codes: 0 done, 3 a file has problems.
    """
    chosen = language(lang)
    with answering(chosen) as leaving:
        from member.identify import persons_out

        member = _member(home, chosen, leaving)
        if take is not None:
            _take(take, member, write, chosen)
            return
        if file is None:
            raise typer.BadParameter("expected a FILE, or --take REVIEW")
        reading = Reading(mapping, column or [], None, "", sheet, 24, "", skip_bad=True)
        proposals = _proposals(file, reading, master, invoices or [], sirene, member, chosen)
        _say_totals(proposals, sure, chosen, as_json=as_json)
        decided: list[Decided] = []
        if confirm_sure:
            decided += _sure_ones(proposals, sure)
        if ask:
            decided += _at_the_desk(proposals, sure, chosen)
        if decided or confirm_sure or ask:
            out = persons_out(proposals, decided)
            _keep([*decided, *out], len(proposals) - len(decided) - len(out), member, write, chosen)
        if review is not None or not (confirm_sure or ask or as_json):
            _write_review(review or Path(REVIEW_DEFAULT), proposals, sure, chosen)


def _member(home: Path | None, lang: str, leaving: ExitStack) -> Member | None:
    from member.home import Home, default_home

    return open_member(home, lang, leaving) if Home(home or default_home()).enrolled else None


def _proposals(
    file: Path,
    reading: Reading,
    master: Path | None,
    invoices: Sequence[Path],
    sirene: Path | None,
    member: Member | None,
    lang: str,
) -> list[Proposal]:
    from member.book_edit import parties_of_book
    from member.customer_master import read_master
    from member.identify import parties_of, propose, with_places
    from member.refusals import InputRefused
    from member.sirene import read_extract

    imported = read(file, reading, None, None, lang)
    accounts = imported.accounts
    if not accounts:
        problem = next((one for one in imported.problems if not one.notice), None)
        if problem is None:
            raise InputRefused("no-accounts", path=file.name)
        raise _refused(file, problem, lang)
    parties: list[Party] = [] if member is None else parties_of_book(member.book)
    if master is not None:
        listed = read_master(master)
        if not isinstance(listed, list):
            raise _refused(master, listed, lang)
        parties += parties_of(listed, "master")
        accounts = with_places(accounts, listed)
    parties += parties_of(_buyers(invoices, lang), "invoices")
    if sirene is not None:
        with Patience(lang, "sirene") as progress:
            known = {party.identifier for party in (*parties_of(accounts, "file"), *parties)}
            found = read_extract(sirene, accounts, known, lambda done: progress("sirene", done, 0))
        if not isinstance(found, list):
            raise _refused(sirene, found, lang)
        parties += found
    with Patience(lang, "identify") as progress:
        return propose(accounts, parties, lambda done, of: progress("identify", done, of))


def _buyers(places: Sequence[Path], lang: str) -> list[Account]:
    """The buyers that electronic invoices name; one that cannot be read is said and left out."""
    from benchmark.problems import tell

    found: list[Account] = []
    reading = Reading(None, [], None, "", "", 0, "", skip_bad=True)
    for place in places:
        inside = sorted(one for one in place.rglob("*") if one.suffix.lower() in {".xml", ".pdf"})
        for path in inside if place.is_dir() else [place]:
            imported = read(path, reading, None, None, lang)
            found += imported.accounts
            if not imported.accounts and imported.problems:
                print(f"· {path.name}: {tell(imported.problems[0], lang)}", file=sys.stderr)
    return found


def _refused(path: Path, problem: Problem, lang: str) -> Exception:
    from benchmark.problems import tell
    from member.refusals import InputRefused

    return InputRefused("source-refused", path=path.name, text=tell(problem, lang))


def _sure_ones(proposals: Sequence[Proposal], percent: int) -> list[Decided]:
    from member.identify import Decided

    return [
        Decided(one.account, one.best.identifier)
        for one in proposals
        if one.sure(percent) and one.best is not None
    ]


def _at_the_desk(proposals: Sequence[Proposal], percent: int, lang: str) -> list[Decided]:
    from member.identify_desk import sit

    return sit(
        proposals, lang, lambda: typer.getchar(echo=False), lambda what: str(typer.prompt(what)), percent
    )


def _say_totals(proposals: Sequence[Proposal], percent: int, lang: str, *, as_json: bool) -> None:
    from member.identify_order import by_weight, totals

    found = totals(proposals, percent)
    if as_json:
        print_json(_json(proposals, percent))
        return
    share = f"{found.sure_share:.0%}".replace("%", " %" if lang == "fr" else "%")
    print(
        told(
            "identify-found",
            lang,
            accounts=found.accounts,
            sure=found.sure,
            share=share,
            look=found.to_look_at,
            without=found.without,
        )
    )
    refused = len([one for one in proposals if one.doubt == "refused-person"])
    if refused:
        print(told("identify-refused", lang, count=refused))
    waiting = [max(one.account.outstanding_cents or 0, 0) for one in by_weight(proposals, percent)]
    weight = sum(waiting)
    if len(waiting) > 40 and weight:
        first = f"{sum(waiting[:40]) / weight:.0%}".replace("%", " %" if lang == "fr" else "%")
        print(told("identify-few", lang, count=40, share=first))


def _json(proposals: Sequence[Proposal], percent: int) -> list[dict[str, object]]:
    return [
        {
            "account": one.account.account,
            "name": one.account.name,
            "sure": one.sure(percent),
            "doubt": one.doubt or None,
            "same_as": one.same_as or None,
            "candidates": [
                {
                    "identifier": other.identifier,
                    "name": other.name,
                    "percent": other.percent,
                    "sources": list(other.sources),
                }
                for other in one.candidates
            ],
        }
        for one in proposals
    ]


def _write_review(path: Path, proposals: Sequence[Proposal], percent: int, lang: str) -> None:
    from member.identify_review import write_review
    from member.refusals import InputRefused

    if path.exists():
        raise InputRefused("file-exists", path=path)
    write_review(path, proposals, lang, percent)
    print(told("identify-review", lang, path=path))


def _take(path: Path, member: Member | None, write: Path | None, lang: str) -> None:
    from benchmark.problems import Problem, tell
    from member.identify_review import parse_review
    from member.refusals import EXIT_FILE, InputRefused

    try:
        data = path.read_bytes()
    except OSError:
        raise InputRefused("source-refused", path=path.name, text="?") from None
    review = parse_review(data)
    if isinstance(review, Problem):
        raise _refused(path, review, lang)
    if review.problems:
        for problem in review.problems[:50]:
            print(f"✗ {tell(problem, lang)}", file=sys.stderr)
        raise typer.Exit(EXIT_FILE)
    _keep(review.decided, review.undecided, member, write, lang)


def _keep(
    decided: Sequence[Decided], open_ones: int, member: Member | None, write: Path | None, lang: str
) -> None:
    """In the book of an enrolled home; in a file where one is named, or where there is no home."""
    from member.book_edit import with_identified
    from member.home import write_file
    from member.identify_map import map_csv

    named = [one for one in decided if one.identifier and not one.confidential]
    clients: dict[str, int] = {}
    for one in named:
        clients[one.identifier] = clients.get(one.identifier, 0) + 1
    none = len([one for one in decided if not one.identifier])
    counts = {"accounts": len(named), "clients": len(clients), "none": none}
    print(told("identify-taken", lang, **counts, undecided=open_ones))
    several = sum(count > 1 for count in clients.values())
    if several:
        print(told("identify-merged", lang, count=several))
    if member is not None:
        member.check_network()
        member.shelf.sync(member)
        member.shelf.save(member, with_identified(member.book, decided))
        print(told("identify-in-book", lang))
    path = write or (Path("accounts.csv") if member is None else None)
    if path is not None:
        write_file(path.resolve(), map_csv(decided))
        print(told("identify-map", lang, path=path))
