"""A folder that is looked after: which files are due, what came of each, when it is tried again.

Rules of order, whose guardian this is:
1. A file is taken when it rests: unchanged since the look before, or for `SETTLED_SECONDS`. Older ones first.
2. What came of a file is written down before the next one is taken; a run that ends anywhere in between takes
   it again, which sends nothing twice.
3. What may pass (no answer, a refusal, the unforeseen) is tried again, ever more slowly; a file with problems
   waits until it, or what the book knows of accounts, changes; what nobody may overlook ends the watch.

Knows: files by a hash of their names, counts, exit codes. No name or number of a client, nor a file's name,
is in what it keeps or says. Time and the work itself are arguments.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec

from member.home import write_file
from member.refusals import (
    EXIT_FILE,
    EXIT_HOME,
    EXIT_NETWORK,
    EXIT_OK,
    EXIT_OTHER,
    EXIT_UNREACHABLE,
    EXIT_UNTRUSTED,
    HomeRefused,
)

STATE_FILE: Final = "watch.json"
EXIT_HELD: Final = 9
"""A month sent before would change, and the watch was told to hold such changes."""
SETTLED_SECONDS: Final = 5.0
FIRST_WAIT_SECONDS: Final = 60.0
LONGEST_WAIT_SECONDS: Final = 3_600.0
REFUSED_WAIT_SECONDS: Final = 3_600.0
SUFFIXES: Final = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xml", ".pdf", ".zip"})
PASSING: Final = frozenset({EXIT_OTHER, EXIT_NETWORK, EXIT_UNREACHABLE})
FATAL: Final = frozenset({EXIT_UNTRUSTED, EXIT_HOME})
WORST: Final = (EXIT_UNTRUSTED, EXIT_HOME, EXIT_OTHER, EXIT_NETWORK, EXIT_UNREACHABLE, EXIT_FILE, EXIT_HELD)
FILES_MAX: Final = 10_000
FEC_NAME: Final = re.compile(r"(\d{9})FEC(\d{8})", re.IGNORECASE)
FEC_YEARS: Final = 2


class Seen(msgspec.Struct, frozen=True):
    """What came of a file as it then was. `accounts`: what the book knew; `at`, `next_at`: Unix seconds."""

    size: int
    changed_ns: int
    code: int
    at: float
    tries: int = 0
    next_at: float = 0.0
    accounts: str = ""
    unidentified: bool = False


class State(msgspec.Struct, frozen=True):
    """The file of a watch: what came of each file, by the hash of its name."""

    format: int = 1
    files: dict[str, Seen] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the folder as it is now."""

    path: Path
    key: str
    size: int
    changed_ns: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: its exit code and counts. `unidentified`: accounts without an identifier."""

    code: int
    months: int = 0
    rows: int = 0
    past: int = 0
    problems: int = 0
    unidentified: int = 0


@dataclass(slots=True)
class Run:
    """One run over the folder."""

    started: float
    outcomes: list[Outcome] = field(default_factory=list)
    waiting: int = 0
    ended: float = 0.0
    standing: set[int] = field(default_factory=set)

    @property
    def code(self) -> int:
        """The worst exit code of the folder's files: those taken now, and those that stand from before."""
        codes = {one.code for one in self.outcomes} | self.standing
        return next((code for code in WORST if code in codes), EXIT_OK)

    def line(self) -> str:
        """One line for a log: when, what, how many, how long."""
        moment = datetime.fromtimestamp(self.started, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        total = {name: sum(getattr(one, name) for one in self.outcomes) for name in _COUNTED}
        sent = len([one for one in self.outcomes if one.months])
        counts = " ".join(f"{name}={count}" for name, count in total.items())
        held = len([one for one in self.outcomes if one.code == EXIT_HELD])
        seconds = f"{self.ended - self.started:.1f}"
        return (
            f"{moment} files={len(self.outcomes)} sent={sent} {counts} held={held} waiting={self.waiting}"
            f" seconds={seconds} exit={self.code}"
        )


_COUNTED: Final = ("months", "rows", "past", "problems", "unidentified")


def look(folder: Path) -> list[Found]:
    """Files that could be a ledger, the ones that changed first first. Raise HomeRefused: no such folder."""
    try:
        listed = sorted(folder.iterdir())[:FILES_MAX]
    except OSError:
        raise HomeRefused("watch-folder", path=folder) from None
    found = []
    for path in listed:
        if path.name.startswith((".", "~")) or path.suffix.lower() not in SUFFIXES:
            continue
        try:
            told = path.stat()
        except OSError:
            continue  # it went meanwhile
        if path.is_file():
            found.append(Found(path, key_of(path), told.st_size, told.st_mtime_ns))
    return sorted(found, key=lambda one: (one.changed_ns, one.path.name))


def key_of(path: Path) -> str:
    """What a file is called in the state: a hash, since firms name files after clients."""
    return hashlib.sha256(path.name.encode()).hexdigest()[:16]


def previous_years(path: Path) -> list[Path]:
    """The years before that lie beside a FEC named as the law says: "123456789FEC20261231"."""
    own = FEC_NAME.match(path.name)
    if own is None:
        return []
    closed = int(own[2])
    found = []
    for other in path.parent.iterdir():
        name = FEC_NAME.match(other.name)
        same = name is not None and name[1] == own[1]
        if same and name is not None and closed - FEC_YEARS * 10_000 <= int(name[2]) < closed:
            found.append(other)
    return sorted(found)


def is_due(found: Found, seen: Seen | None, accounts: str, now: float) -> bool:
    """Whether a file is to be taken: new or changed, its time has come, or the book knows more accounts."""
    if seen is None or (seen.size, seen.changed_ns) != (found.size, found.changed_ns):
        return True
    if seen.code in FATAL:
        return True  # whoever starts the watch again has looked into it
    if seen.code in PASSING:
        return now >= seen.next_at
    return (seen.code == EXIT_FILE or seen.unidentified) and seen.accounts != accounts


def rests(found: Found, before: Found | None, now: float) -> bool:
    """Whether nobody is writing it: the same as at the look before, or old enough."""
    unchanged = before is not None and (before.size, before.changed_ns) == (found.size, found.changed_ns)
    return unchanged or now - found.changed_ns / 1e9 >= SETTLED_SECONDS


def wait_seconds(code: int, tries: int) -> float:
    """How long until a file is tried again: doubling from a minute to an hour; a refusal waits an hour."""
    if code == EXIT_NETWORK:
        return REFUSED_WAIT_SECONDS
    return float(min(FIRST_WAIT_SECONDS * 2.0 ** (tries - 1), LONGEST_WAIT_SECONDS))


@dataclass(slots=True)
class Watch:
    """A folder and what is known of its files; the state is a file of the home.

    take: the work on one file; accounts: a fingerprint of what the book knows of accounts; clock: Unix
    seconds.
    """

    folder: Path
    home: Path
    take: Callable[[Path], Outcome]
    accounts: Callable[[], str]
    clock: Callable[[], float]
    state: State = field(default_factory=State)
    _before: dict[str, Found] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state = load(self.home)

    def run(self, ended: Callable[[], bool] = lambda: False) -> Run:
        """Take every file that is due and rests. `ended` is asked between files."""
        run = Run(self.clock())
        found = look(self.folder)
        for one in found:
            now = self.clock()
            if not is_due(one, self.state.files.get(one.key), self.accounts(), now):
                continue
            if not rests(one, self._before.get(one.key), now) or ended():
                run.waiting += 1
                continue
            outcome = self.take(one.path)
            run.outcomes.append(outcome)
            self._remember(one, outcome)
            if outcome.code in FATAL:
                break
        self._before = {one.key: one for one in found}
        run.standing = {self.state.files[one.key].code for one in found if one.key in self.state.files}
        run.waiting += sum(self._retried(one) for one in found)
        self._forget(found)
        run.ended = self.clock()
        return run

    def _retried(self, one: Found) -> bool:
        seen = self.state.files.get(one.key)
        return seen is not None and seen.code in PASSING

    def _remember(self, one: Found, outcome: Outcome) -> None:
        before = self.state.files.get(one.key)
        same = before is not None and (before.size, before.changed_ns) == (one.size, one.changed_ns)
        tries = 1 + (before.tries if before is not None and same else 0)
        now = self.clock()
        passing = outcome.code in PASSING
        seen = Seen(
            one.size,
            one.changed_ns,
            outcome.code,
            now,
            tries if passing else 0,
            now + wait_seconds(outcome.code, tries) if passing else 0.0,
            self.accounts(),
            bool(outcome.unidentified),
        )
        self._store({**self.state.files, one.key: seen})

    def _forget(self, found: Iterable[Found]) -> None:
        kept = {one.key for one in found}
        files = {key: seen for key, seen in self.state.files.items() if key in kept}
        if len(files) != len(self.state.files):
            self._store(files)

    def _store(self, files: dict[str, Seen]) -> None:
        self.state = State(files=files)
        write_file(self.home / STATE_FILE, msgspec.json.encode(self.state))


def load(home: Path) -> State:
    """The state that a home has; a lost or damaged one begins anew, which sends nothing twice."""
    try:
        found = msgspec.json.decode((home / STATE_FILE).read_bytes(), type=State)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return State()
    return found if found.format == 1 else State()


def seconds_to(now: datetime, at: str) -> float:
    """Seconds until the clock shows "02:30" next, in the time zone of `now`. Raise ValueError."""
    hour, minute = (int(part) for part in at.split(":"))
    then = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if then <= now:
        then += timedelta(days=1)
    return (then - now).total_seconds()
