"""A ledger's lines in columns: the movements of its client accounts, and what each movement is.

Knows: the French chart of accounts (411 clients, 413 bills, 416 doubtful, 4191 advances) and what an entry's
other lines say: against sales a debit is an invoice, against a bank account a credit is a payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmark.ledger import CENTS_TOTAL_MAX, Days
from benchmark.problems import Problem
from member.columns import Column
from member.connectors.fec_accounts import accounts_of
from member.mapping import Mapping
from member.values import Amounts, DateOrder, plain, read_dates, read_numbers

Ints = NDArray[np.int64]

LINES_MAX: Final = 3_000_000
EARLIEST: Final = np.datetime64("1990-01-01")
PROBLEMS_MAX: Final = 1_000
PIECE_LAG_MAX_DAYS: Final = 400
"""An invoice is entered within a year or so; a piece dated further back is a slip, or was brought forward."""
BALANCE_SLACK_CENTS: Final = 100
"""Roundings of an exporting program; a ledger that is cut is out by more."""

CLIENT, SALE, MONEY, THIRD, FACTOR, CHARGE, GAIN, EQUITY = (1 << bit for bit in range(8))
"""What an entry touches, by account."""

INVOICE, CREDIT_NOTE, PAYMENT, CLOSED, REFUND, OTHER, BROUGHT = range(7)
"""What a movement is: CLOSED is a credit without money (a write-off), OTHER a debit that is no sale."""

_CLASSES: Final = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"41[0136]|4191", CLIENT),
        (r"7[0-5]|445[78]|487|418|419", SALE),
        (r"5", MONEY),
        (r"4|108", THIRD),
        (r"6", CHARGE),
        (r"7", GAIN),
        (r"1[0-2]|890", EQUITY),
    )
)
_FACTOR: Final = re.compile(r"affactur|\bfactor|factoring|\beurofactor")
_BROUGHT_WORDS: Final = re.compile(r"a ?-?nouveaux?\b|\breports? (?:a|de)\b|ouverture|\bopening\b|\bran\b")
_BROUGHT_JOURNALS: Final = frozenset(
    {"an", "ano", "ran", "anouv", "an0", "rep", "ouv", "nouv", "rouv", "open"}
)
_UNPAID: Final = re.compile(r"impaye|rejet|retour (?:prel|cheque|effet|lcr)|unpaid|bounced|returned")
_DEBIT_REJECTED: Final = re.compile(r"prelev|prlv|sepa|sdd|direct debit")
_BILL_UNPAID: Final = re.compile(r"effet|\blcr\b|traite|\bbor\b|billet|bill of")

CREDIT_SIDES: Final = frozenset({"c", "cr", "credit", "-1", "-", "h", "haben"})
FIELDS: Final = (
    "journal",
    "journal_name",
    "entry",
    "entered",
    "general_name",
    "auxiliary",
    "auxiliary_name",
    "piece",
    "piece_date",
    "label",
    "letter",
    "letter_date",
    "due",
    "payer",
)


@dataclass(frozen=True, slots=True)
class Movements:
    """n movements of client accounts, in the file's order, and the accounts that they belong to.

    account (n,) int64 place in `accounts`; general: account numbers; cents (n,) int64, debits positive; day,
    piece_day, due (n,) datetime64[D], NaT where not told; kind (n,) uint8; letter: codes or ""; row (n,)
    int64; incident (n,) uint8 as in benchmark.upload.INCIDENTS; factored (n,) bool.
    """

    accounts: list[str]
    names: list[str]
    account: Ints
    general: list[str]
    cents: Ints
    day: Days
    piece_day: Days
    due: Days
    kind: NDArray[np.uint8]
    letter: list[str]
    letter_date: list[str]
    row: Ints
    entry: Ints
    incident: NDArray[np.uint8]
    factored: NDArray[np.bool_]
    first_day: np.datetime64
    last_day: np.datetime64
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class Gathered:
    """What one pass over a ledger keeps: a little of every line, all of the client accounts' own."""

    entry: list[int] = field(default_factory=list)
    kind: list[int] = field(default_factory=list)
    debit: list[str] = field(default_factory=list)
    credit: list[str] = field(default_factory=list)
    row: list[int] = field(default_factory=list)
    own: list[int] = field(default_factory=list)
    generals: list[str] = field(default_factory=list)
    cells: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FIELDS})
    entries: dict[tuple[str, str, str], int] = field(default_factory=dict)
    short: list[tuple[int, int]] = field(default_factory=list)
    too_many: bool = False


def gather(
    rows: Iterable[tuple[int, Sequence[str]]], places: dict[str, int], general_default: str = ""
) -> Gathered:
    """One pass over (row number, cells); `places` says where each field stands.

    general_default: the account of every line where no column gives it.
    """
    found = Gathered()
    needed = max(
        places[name] for name in ("general", "entered", "debit", "credit", "signed") if name in places
    )
    general_at, date_at = places.get("general", -1), places["entered"]
    debit_at, credit_at = places.get("debit", places.get("signed", 0)), places.get("credit", -1)
    side_at = places.get("side", -1) if "signed" in places else -1
    journal_at, entry_at, name_at = (places.get(name, -1) for name in ("journal", "entry", "general_name"))
    kinds: dict[str, int] = {}
    seen: dict[str, str] = {}
    own_places = [(name, places[name]) for name in FIELDS if name in places]
    for number, cells in rows:
        if len(cells) <= needed:
            if any(cell.strip() for cell in cells):
                found.short.append((number, len(cells)))
            continue
        general = cells[general_at].strip() if general_at >= 0 else general_default
        kind = kinds.get(general)
        if kind is None:
            kind = kinds[general] = account_kind(general, cells[name_at] if 0 <= name_at < len(cells) else "")
        if len(found.row) >= LINES_MAX:
            found.too_many = True
            break
        key = (
            cells[journal_at] if journal_at >= 0 else "",
            cells[entry_at] if entry_at >= 0 else "",
            cells[date_at],
        )
        debit = cells[debit_at].strip()
        credit = cells[credit_at].strip() if credit_at >= 0 else ""
        if side_at >= 0 and plain(cells[side_at]) in CREDIT_SIDES:
            debit, credit = "", debit
        found.entry.append(found.entries.setdefault(key, len(found.entries)))
        found.kind.append(kind)
        found.debit.append(seen.setdefault(debit, debit))
        found.credit.append(seen.setdefault(credit, credit))
        if kind == CLIENT:
            found.own.append(len(found.row))
            found.generals.append(general)
            for name, at in own_places:
                found.cells[name].append(cells[at].strip() if at < len(cells) else "")
        found.row.append(number)
    return found


def account_kind(general: str, name: str) -> int:
    """What an account is, by its number, and by its name where that tells a factor."""
    if _FACTOR.search(plain(name)):
        return FACTOR
    for pattern, kind in _CLASSES:
        if pattern.match(general):
            return kind
    return 0


def movements(found: Gathered, today: np.datetime64, mapping: Mapping) -> Movements | list[Problem]:
    """What a pass gathered, read and classified; the problems where a line cannot be used."""
    both = _amounts(found, mapping)
    if isinstance(both, list):
        return both
    size, row = len(found.row), np.array(found.row, np.int64)
    credited = both.cents[size:]
    if not (credited < 0).any() or (credited > 0).any():  # some write every credit below zero
        credited = -credited
    cents = both.cents[:size] + credited
    if float(np.abs(cents.astype(np.float64)).sum()) > CENTS_TOTAL_MAX:
        return [Problem("amount-too-large", None, "debit", "total", f"{CENTS_TOTAL_MAX // 100:,}")]
    kind, entry = np.array(found.kind, np.int64), np.array(found.entry, np.int64)
    notices = _balance(cents, entry, kind)
    if any(not notice.notice for notice in notices):
        return notices
    read = _own_dates(found, row, today, mapping.date_order)
    if isinstance(read, list):
        return read
    day, piece_day, due = read
    own = np.array(found.own, np.int64)
    touched = _touched(cents, entry, kind, len(found.entries))
    moved = _Own(cents[own], entry[own], day, touched)
    kinds, factored = _kinds(found, moved)
    keys, names, account = accounts_of(found)
    return Movements(
        accounts=keys,
        names=names,
        account=account,
        general=found.generals,
        cents=cents[own],
        day=day,
        piece_day=piece_day,
        due=due,
        kind=kinds,
        letter=found.cells["letter"] or [""] * len(own),
        letter_date=found.cells["letter_date"] or [""] * len(own),
        row=row[own],
        entry=entry[own],
        incident=_incidents(found, kinds),
        factored=factored,
        first_day=day.min(),
        last_day=day.max(),
        problems=notices,
    )


def _amounts(found: Gathered, mapping: Mapping) -> Amounts | list[Problem]:
    """Debits, then credits, of every line; the problems where lines or amounts cannot be read."""
    if found.too_many:
        return [Problem("too-many-rows", expected=str(LINES_MAX))]
    problems = [
        Problem("line-too-short", number, found=str(count)) for number, count in found.short[:PROBLEMS_MAX]
    ]
    texts = [text or None for text in (*found.debit, *found.credit)]
    both = read_numbers(Column(texts=pl.Series(texts, dtype=pl.String)), mapping.decimal)
    size = len(found.row)
    for places, code in ((both.wrong, "amount-invalid"), (both.too_large, "amount-too-large")):
        for place in places[:PROBLEMS_MAX]:
            name = "debit" if place < size else "credit"
            text = texts[place] or ""
            problems.append(Problem(code, found.row[place % size], name, text, "1234,56"))
    if not found.own:
        problems.append(Problem("ledger-without-clients", expected="411, 413, 416, 4191"))
    return problems or both


@dataclass(frozen=True, slots=True)
class _Own:
    cents: Ints
    entry: Ints
    day: Days
    touched: tuple[Ints, Ints]


def _balance(cents: Ints, entry: Ints, kind: Ints) -> list[Problem]:
    """A ledger balances; an extract of the client accounts alone need not."""
    out = int(cents.sum())
    if abs(out) <= BALANCE_SLACK_CENTS or bool((kind == CLIENT).all()):
        return []
    last = int(cents[entry == entry[-1]].sum())
    both = [f"{int(abs(cents[side].sum())) / 100:.2f}" for side in (cents > 0, cents < 0)]
    return [Problem("ledger-cut" if last == out else "ledger-not-balanced", None, None, *both)]


def _own_dates(
    found: Gathered, row: Ints, today: np.datetime64, order: DateOrder
) -> tuple[Days, Days, Days] | list[Problem]:
    own = np.array(found.own, np.int64)
    problems: list[Problem] = []
    read: list[Days] = []
    for name in ("entered", "piece_date", "due"):
        cells = found.cells[name]
        if not cells:
            read.append(np.full(len(own), np.datetime64("NaT"), "M8[D]"))
            continue
        dates = read_dates([cell or None for cell in cells], order)
        read.append(dates.values)
        if name == "entered":
            problems += [
                Problem("date-invalid", int(row[own[at]]), name, cells[at], "20251231") for at in dates.wrong
            ]
            told = set(dates.wrong)
            empty = [at for at in np.flatnonzero(np.isnat(dates.values)).tolist() if at not in told]
            problems += [Problem("date-missing", int(row[own[at]]), name) for at in empty]
    day = read[0]
    for at in np.flatnonzero(day > today).tolist():
        problems.append(Problem("date-in-future", int(row[own[at]]), "entered", str(day[at]), str(today)))
    for at in np.flatnonzero(day < EARLIEST).tolist():
        span = f"{EARLIEST} – {today}"
        problems.append(Problem("date-too-far", int(row[own[at]]), "entered", str(day[at]), span))
    return problems[:PROBLEMS_MAX] or (read[0], read[1], read[2])


def _touched(cents: Ints, entry: Ints, kind: Ints, entries: int) -> tuple[Ints, Ints]:
    """What each entry debits and credits, as bits (entries,)."""
    debited, credited = np.zeros(entries, np.int64), np.zeros(entries, np.int64)
    np.bitwise_or.at(debited, entry[cents > 0], kind[cents > 0])
    np.bitwise_or.at(credited, entry[cents < 0], kind[cents < 0])
    return debited, credited


def _kinds(found: Gathered, own: _Own) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    debited, credited = own.touched[0][own.entry], own.touched[1][own.entry]
    others = (debited | credited) & ~np.int64(CLIENT)
    mostly = _mostly(found, own.cents)
    debit = own.cents > 0
    kind = np.select(
        [
            debit & (credited & SALE > 0),
            debit & (credited & (MONEY | FACTOR) > 0),
            debit & (others > 0),
            debit,
            debited & (MONEY | FACTOR) > 0,
            debited & SALE > 0,
            debited & THIRD > 0,
            debited & (CHARGE | GAIN) > 0,
        ],
        [
            INVOICE,
            REFUND,
            OTHER,
            np.where(mostly >= 0, INVOICE, REFUND),
            PAYMENT,
            CREDIT_NOTE,
            PAYMENT,
            CLOSED,
        ],
        np.where(mostly > 0, CREDIT_NOTE, PAYMENT),
    ).astype(np.uint8)
    kind[_brought(found, own, debited | credited)] = BROUGHT
    return kind, ~debit & (debited & FACTOR > 0)


def _mostly(found: Gathered, cents: Ints) -> Ints:
    """For each movement whether its journal mostly debits (+1) or credits clients (-1), 0 where unknown.

    An extract of client accounts has no other lines: a journal that mostly debits them is one of sales.
    """
    journals = found.cells["journal"]
    if not journals:
        return np.zeros(len(cents), np.int64)
    codes, place = np.unique(np.array(journals), return_inverse=True)
    sums = np.zeros(len(codes), np.int64)
    np.add.at(sums, place, np.sign(cents))
    return np.sign(sums)[place]


def _brought(found: Gathered, own: _Own, touched: Ints) -> NDArray[np.bool_]:
    """Balances brought forward: by the words of their journal, or by an opening entry's accounts."""
    first = own.day.min()
    opening = (own.day == first) & (touched & EQUITY > 0) & (touched & (CHARGE | GAIN) == 0)
    by_words: dict[tuple[str, str], bool] = {}
    empty = [""] * len(own.day)
    codes, names = found.cells["journal"] or empty, found.cells["journal_name"] or empty
    said = np.zeros(len(own.day), bool)
    for at, pair in enumerate(zip(codes, names, strict=True)):
        if pair not in by_words:
            code, name = (plain(text) for text in pair)
            by_words[pair] = code in _BROUGHT_JOURNALS or bool(_BROUGHT_WORDS.search(name))
        said[at] = by_words[pair]
    labels = found.cells["label"] or empty
    for at in np.flatnonzero(own.day == first).tolist():
        said[at] |= bool(_BROUGHT_WORDS.search(plain(labels[at])))
    return np.asarray(said | opening)


def _incidents(found: Gathered, kind: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Payments that came back, by the words of the entry: codes of benchmark.upload.INCIDENTS."""
    codes = np.zeros(len(kind), np.uint8)
    labels = found.cells["label"]
    for at in np.flatnonzero(kind == REFUND).tolist() if labels else []:
        text = plain(labels[at])
        if _UNPAID.search(text):
            codes[at] = 2 if _DEBIT_REJECTED.search(text) else 3 if _BILL_UNPAID.search(text) else 1
    return codes
