"""The command `watch`: a folder looked after as a service, or once from a schedule."""

from __future__ import annotations

import re
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from member.cli_files import Accounts, Agreed, Columns, MappingFile, Months, Sheet, SkipBad
from member.cli_frame import Lang, Place, answering, language, open_member
from member.cli_reading import Reading, accounts_of, read
from member.cli_texts import told

if TYPE_CHECKING:
    from member.difference import Difference
    from member.keystore import Member
    from member.watch import Outcome, Run, Watch

CHANGES_KEPT: Final = 100
LOG_FILE: Final = "watch.log"
LOG_BYTES_MAX: Final = 1_000_000
PERIOD: Final = re.compile(r"(\d{1,6})\s*(s|m|h|)")
UNITS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}


def watch(
    folder: Annotated[Path, typer.Argument(help="where exports arrive")],
    every: Annotated[str, typer.Option(help="how often it is looked at: 30s, 10m, 1h")] = "60s",
    at: Annotated[str, typer.Option(help="once a day at this time instead, such as 02:30")] = "",
    once: Annotated[
        bool, typer.Option("--once", help="one run, for cron, a timer or a task scheduler")
    ] = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="do not send what changes a month sent before; push it by hand")
    ] = False,
    mapping: MappingFile = None,
    column: Columns = None,
    map_identifiers: Accounts = None,
    sheet: Sheet = "",
    months: Months = 24,
    skip_bad: SkipBad = False,
    terms: Agreed = "",
    home: Place = None,
    lang: Lang = "",
) -> None:
    """Send every ledger that arrives in a folder, unattended: one line a run, without a name.

    Resumes after a crash, tries again with growing pauses when no answer comes. What changes a month sent
    before is written to the home's folder `changes` before it is sent. Exit codes with --once are those of
    push, and 9: held. As a service it ends by itself only with 6 or 7; SIGTERM ends it between two files,
    with 0.
    """
    chosen = language(lang)
    seconds = _period(every)
    _check_time(at)
    with answering(chosen) as leaving:
        from member.one_at_a_time import only_one
        from member.watch import Watch

        member = open_member(home, chosen, leaving)
        assert member.home is not None
        leaving.enter_context(only_one(member.home.path))
        reading = Reading(mapping, column or [], map_identifiers, "", sheet, months, "", skip_bad, (), terms)
        work = Watch(
            folder,
            member.home.path,
            _worker(member, reading, chosen, hold=hold),
            lambda: _fingerprint(member),
            time.time,
        )
        over = threading.Event()
        renew = _renewing(member)
        if once:
            run = _one_run(work, member.home.path, over, always=True)
            renew(run)
            raise typer.Exit(run.code)
        raise typer.Exit(_serve(work, member.home.path, over, seconds, at, renew))


def _period(text: str) -> float:
    found = PERIOD.fullmatch(text.strip().lower())
    if found is None or int(found[1]) == 0:
        raise typer.BadParameter(f"found {text!r}, expected such as 30s, 10m, 1h", param_hint="--every")
    return float(int(found[1]) * UNITS[found[2]])


def _check_time(at: str) -> None:
    if at and not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", at):
        raise typer.BadParameter(f"found {at!r}, expected such as 02:30", param_hint="--at")


def _serve(
    work: Watch,
    home: Path,
    over: threading.Event,
    seconds: float,
    at: str,
    renew: Callable[[Run], None],
) -> int:
    """Run after run until it is told to end, or must not go on."""
    from datetime import datetime

    from member.watch import FATAL, seconds_to

    signal.signal(signal.SIGTERM, lambda *_: over.set())
    while not over.is_set():
        if at:
            over.wait(seconds_to(datetime.now().astimezone(), at))
            if over.is_set():
                break
        run = _one_run(work, home, over, always=False)
        renew(run)
        if run.code in FATAL:
            return run.code
        if not at:
            over.wait(seconds)
    return 0


def _one_run(work: Watch, home: Path, over: threading.Event, *, always: bool) -> Run:
    run = work.run(over.is_set)
    if always or run.outcomes:
        line = run.line()
        print(line, flush=True)
        _log(home, line)
    return run


def _log(home: Path, line: str) -> None:
    """Append to the home's log; a full one becomes the one before it."""
    place = home / LOG_FILE
    if place.exists() and place.stat().st_size > LOG_BYTES_MAX:
        place.replace(place.with_suffix(".log.1"))
    place.touch(mode=0o600)
    with place.open("a", encoding="ascii") as file:
        file.write(line + "\n")


# ---- the lights for the sales side


def _renewing(member: Member) -> Callable[[Run], None]:
    """After a run that sent something, and once a day: lights that sales was shown before are sealed anew.

    Only by a device that reads the ledger; lights that nobody ever sealed are not begun.
    """
    from datetime import date

    looked: list[date] = []

    def renew(run: Run) -> None:
        from member.refusals import MemberError
        from member.scores import renew_shown_lights

        today = date.today()  # noqa: DTZ011 - of this machine: how often to look, not what is said
        if member.role_keys.ledger is None or (looked == [today] and not run.outcomes):
            return
        try:
            today_there = member.check_network().today
            member.shelf.sync(member)
            renew_shown_lights(member, today_there)
        except MemberError as refused:
            print(f"vigie: {refused.code}", file=sys.stderr, flush=True)
        looked[:] = [today]

    return renew


# ---- one file


def _worker(member: Member, reading: Reading, lang: str, *, hold: bool) -> Callable[[Path], Outcome]:
    """The work on one file; refusals become exit codes, said in a line without a name."""

    def work(path: Path) -> Outcome:
        from member.refusals import EXIT_OTHER, MemberError
        from member.watch import Outcome

        try:
            return _take(member, path, reading, lang, hold=hold)
        except MemberError as refused:
            print(f"vigie: {refused.code}", file=sys.stderr, flush=True)
            return Outcome(refused.exit_code)
        except Exception as error:  # noqa: BLE001 - a service goes on; the kind is said, never a value
            print(f"vigie: {type(error).__name__}", file=sys.stderr, flush=True)
            return Outcome(EXIT_OTHER)

    return work


def _take(member: Member, path: Path, reading: Reading, lang: str, *, hold: bool) -> Outcome:
    from benchmark.problems import blocking
    from member.preview import preview
    from member.push import push
    from member.refusals import EXIT_FILE, EXIT_OK
    from member.watch import EXIT_HELD, Outcome, previous_years

    reading = replace(reading, previous=previous_years(path))
    facts = member.check_network()
    member.shelf.sync(member)
    imported = read(path, reading, member, facts.today, lang)
    unidentified = len([one for one in imported.accounts if one.identifier is None])
    problems = len(blocking(imported.problems))
    if not imported.months:
        return Outcome(EXIT_FILE, problems=problems, unidentified=unidentified)
    changed = preview(imported, path.name, member).changed_past
    if changed and member.home is not None:
        _write_changes(member.home.path, changed, lang)
        if hold:
            return Outcome(EXIT_HELD, past=len(changed), unidentified=unidentified)
    result = push(member, imported)
    rows = sum(change.rows for change in result.months)
    return Outcome(EXIT_OK, len(result.months), rows, len(changed), problems, unidentified)


def _fingerprint(member: Member) -> str:
    """Of what the book knows of accounts: where it changes, files with unknown ones are read again."""
    import hashlib

    known = sorted((key, one.identifier) for key, one in accounts_of(member).items())
    return hashlib.sha256(repr(known).encode()).hexdigest()[:16]


def _write_changes(home: Path, changed: Sequence[Difference], lang: str) -> None:
    """What a month sent before will say otherwise, in the clear, for this machine's user alone."""
    from member.difference import lines
    from member.home import CHANGES_FOLDER, write_file

    folder = home / CHANGES_FOLDER
    folder.mkdir(exist_ok=True, mode=0o700)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
    place = folder / f"{stamp}-{time.time_ns() % 1_000_000:06d}.txt"
    months = len({one.month for one in changed})
    head = told("changed-past", lang, count=len(changed), months=months)
    write_file(place, "\n".join([head, *lines(changed, lang), ""]).encode())
    for old in sorted(folder.iterdir())[:-CHANGES_KEPT]:
        old.unlink(missing_ok=True)
